import type pg from "pg";

/** The most characters of an answer: of its bytes there are as many or more. */
export const MOST_CHARACTERS = 64 * 1024 * 1024;

/** What was read is longer than any answer may be. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

/**
 * Has the values of one statement taken as they are written, up to the length of an answer: what comes after is
 * let go as it arrives, and the statement fails when it has ended.
 */
export function boundedTexts(): pg.CustomTypesConfig {
  let length = 0;
  const take = (text: string): string => {
    length += text.length;
    if (length > MOST_CHARACTERS) throw new TooLargeError("The rows are longer than an answer.");
    return text;
  };
  return { getTypeParser: () => take as never };
}
