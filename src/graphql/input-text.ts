import { isName } from "../cell/column-name.ts";
import { normalized } from "../cell/normalized.ts";
import { characters, textFault } from "../cell/text.ts";
import { InputError } from "./errors.ts";

/** The most characters of free text: of a label, and of a description. */
export const LONGEST = { label: 200, description: 2_000 } as const;

/** Free text as it is stored: in the one form of its characters. */
export function storedText(text: string): string {
  return normalized(text, "NFC");
}

/** What is wrong with free text, as it is stored, in a field of an input; nothing is wrong with text that is not given. */
export function textFaults(
  field: string,
  text: string | null | undefined,
  { least = 0, most }: { least?: number; most: number },
): string[] {
  if (text === null || text === undefined) return [];
  const misfit = `${field} has ${least} to ${most} characters.`;
  if (text.length > most * UNITS) return [misfit];
  const stored = storedText(text);
  const length = characters(stored);
  const unstorable = textFault(stored);
  return [
    ...(length >= least && length <= most ? [] : [misfit]),
    ...(unstorable ? [`${field}: ${unstorable.message}`] : []),
  ];
}

/** Of so many UTF-16 units NFC makes one character at most: of two units, which may stand for four each (UAX #15). */
const UNITS = 8;

/** What is wrong with a name in a field of an input; nothing is wrong with one that is not given. */
export function nameFaults(field: string, name: string | null | undefined): string[] {
  if (name === null || name === undefined || isName(name)) return [];
  return [
    `${field} is a lower-case letter, then up to 62 lower-case letters, digits or underscores: [a-z][a-z0-9_]{0,62}.`,
  ];
}

/**
 * Refuses an input with everything that is wrong with it, or much of it.
 *
 * @throws {InputError} unless nothing is.
 */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const told = faults.slice(0, MOST_TOLD).join(" ");
  const rest = faults.length - MOST_TOLD;
  throw new InputError(rest > 0 ? `${told} And ${rest} more.` : told);
}

/** How many faults are told at once. */
const MOST_TOLD = 30;
