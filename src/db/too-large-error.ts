import pg from "pg";

/** The most bytes of an answer, and so of what is read for one. */
export const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

/** What was read is longer than any answer may be. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";

  constructor() {
    super("What was read is longer than an answer may be.");
  }
}

/**
 * Has the values of one statement counted as they are made. What comes after so many characters as an answer may hold
 * is let go as it arrives, and the statement fails when it has ended.
 */
export function boundedTypes(): pg.CustomTypesConfig {
  let left = MOST_ANSWER_BYTES;
  return {
    getTypeParser: ((oid: number, format: "text") => {
      const parse = pg.types.getTypeParser(oid, format) as (text: string) => unknown;
      return (text: string) => {
        left -= text.length;
        if (left < 0) throw new TooLargeError();
        return parse(text);
      };
    }) as pg.CustomTypesConfig["getTypeParser"],
  };
}
