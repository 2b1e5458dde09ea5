import { RE2JS, RE2JSException } from "re2js";

/** Characters of a pattern. */
const PATTERN_LENGTH = 1000;

/** Bytes of a cell that has to match a pattern: keeps the longest match below about 50 ms. */
export const PATTERN_CELL_BYTES = 4096;

/** Instructions of a compiled pattern: matching costs at most this times the text's length. */
const PROGRAM_SIZE = 1000;

export type CompiledPattern =
  | { readonly ok: true; readonly matches: (text: string) => boolean }
  | { readonly ok: false; readonly message: string };

/**
 * Compiles a user's regular expression (RE2 syntax: linear time, no look-around, no
 * back-references) to a test of the whole text.
 */
export function compilePattern(pattern: string): CompiledPattern {
  if (pattern.length > PATTERN_LENGTH) {
    return { ok: false, message: `A pattern has at most ${PATTERN_LENGTH} characters.` };
  }
  try {
    const compiled = RE2JS.compile(pattern);
    return compiled.programSize() > PROGRAM_SIZE
      ? { ok: false, message: "The pattern is too complex: repeat fewer parts fewer times." }
      : { ok: true, matches: (text) => compiled.testExact(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { ok: false, message: `Not a regular expression in RE2 syntax: ${error.message}.` };
  }
}
