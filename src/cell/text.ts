import type { CellFault } from "./cell-value.ts";
import { CELL_BYTES, refuse } from "./cell-value.ts";
import { isStreamSafe, MOST_MARKS } from "./normalized.ts";

const UNSTORABLE = /[\p{Surrogate}\0]/u;

/**
 * What no text may be. PostgreSQL stores neither U+0000 nor half of a surrogate pair; UTF-8 has no form for the latter.
 * Nor is there anybody who reads marks on marks without end: programs sort them, and some of them for ever.
 */
export function textFault(text: string): CellFault | null {
  if (UNSTORABLE.test(text)) {
    return refuse("INVALID_TEXT", "Text may not contain U+0000 or half of a surrogate pair.");
  }
  return isStreamSafe(text)
    ? null
    : refuse("INVALID_TEXT", `Text may have at most ${MOST_MARKS} combining marks in a row.`);
}

const TOO_LARGE = refuse("TOO_LARGE", "A cell holds at most 64 KiB of UTF-8.");

export function sizeFault(text: string): CellFault | null {
  return Buffer.byteLength(text) > CELL_BYTES ? TOO_LARGE : null;
}

/** Of NFC's UTF-16 units one may stand for four (UAX #15), and takes a byte at least. */
const MOST_UNITS = 4 * CELL_BYTES;

/** The same of text that is not in NFC yet, if its length alone tells. */
export function lengthFault(text: string): CellFault | null {
  return text.length > MOST_UNITS ? TOO_LARGE : null;
}

/** Code points, as a reader of the text would count characters. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
