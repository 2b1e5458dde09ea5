import type { CellFault } from "./cell-value.ts";
import { CELL_BYTES, refuse } from "./cell-value.ts";

const UNSTORABLE = /[\p{Surrogate}\0]/u;

/** PostgreSQL stores neither U+0000 nor half of a surrogate pair; UTF-8 has no form for the latter. */
export function textFault(text: string): CellFault | null {
  return UNSTORABLE.test(text)
    ? refuse("INVALID_TEXT", "Text may not contain U+0000 or half of a surrogate pair.")
    : null;
}

export function sizeFault(text: string): CellFault | null {
  return Buffer.byteLength(text) > CELL_BYTES
    ? refuse("TOO_LARGE", "A cell holds at most 64 KiB of UTF-8.")
    : null;
}

/** Code points, as a reader of the text would count characters. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
