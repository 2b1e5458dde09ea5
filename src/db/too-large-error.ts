/** What was read is longer than any answer may be. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}
