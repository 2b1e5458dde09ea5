import { isName } from "../cell/column-name.ts";
import { characters, textFault } from "../cell/text.ts";
import { InputError } from "./errors.ts";

/** The most characters of free text: of a label, and of a description. */
export const LONGEST = { label: 200, description: 2_000 } as const;

/** What is wrong with free text in a field of an input; nothing is wrong with text that is not given. */
export function textFaults(
  field: string,
  text: string | null | undefined,
  { least = 0, most }: { least?: number; most: number },
): string[] {
  if (text === null || text === undefined) return [];
  const length = characters(text);
  const fits = length >= least && length <= most;
  const unstorable = textFault(text);
  return [
    ...(fits ? [] : [`${field} has ${least} to ${most} characters.`]),
    ...(unstorable ? [`${field}: ${unstorable.message}`] : []),
  ];
}

/** What is wrong with a name in a field of an input; nothing is wrong with one that is not given. */
export function nameFaults(field: string, name: string | null | undefined): string[] {
  if (name === null || name === undefined || isName(name)) return [];
  return [
    `${field} is a lower-case letter, then up to 62 lower-case letters, digits or underscores: [a-z][a-z0-9_]{0,62}.`,
  ];
}

/**
 * Refuses an input with everything that is wrong with it.
 *
 * @throws {InputError} unless nothing is.
 */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new InputError(faults.join(" "));
}
