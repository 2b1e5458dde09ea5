/**
 * Text that a spreadsheet would take for a formula, and how it goes through a CSV file unharmed.
 *
 * An apostrophe before it makes a spreadsheet show it as text, and our own import takes one apostrophe off
 * again. So what is text with apostrophes before a formula gets one more, and so does text of no characters
 * or of apostrophes alone, which would otherwise come back as no value. Any other text stays as it is.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 * @module
 */

/** What a formula begins with, also in the full-width forms of East Asia. */
const BEGINNINGS = "=+@\t\r\n＝＋－＠-";

const TO_MARK = new RegExp(`^'*([${BEGINNINGS}]|$)`);
const MARKED = new RegExp(`^'+([${BEGINNINGS}]|$)`);

const FIRST_BYTES: ReadonlySet<number | undefined> = new Set(
  Array.from(`'${BEGINNINGS}`, (character) => Buffer.from(character)[0]),
);

/** Whether text may have to be marked that begins with such a byte in UTF-8, or has none. */
export function mayBeMarked(firstByte: number | undefined): boolean {
  return firstByte === undefined || FIRST_BYTES.has(firstByte);
}

/** The text as it stands in a CSV file. */
export function neutralised(text: string): string {
  return TO_MARK.test(text) ? `'${text}` : text;
}

/** The text that a CSV file holds: the inverse of {@link neutralised}. */
export function restored(text: string): string {
  return MARKED.test(text) ? text.slice(1) : text;
}
