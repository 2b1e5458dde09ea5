/**
 * Text for a terminal: what files, tenants and databases put into it can neither command the terminal nor
 * turn what is around it. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, "\uFFFD");
}

/** Writes to standard output, which a script may take. */
export function print(text: string): void {
  process.stdout.write(printable(text));
}

/** Writes to standard error, for people. */
export function printError(text: string): void {
  process.stderr.write(printable(text));
}

/** Says something to a person at a terminal; nothing elsewhere. */
export function tell(words: string): void {
  if (process.stderr.isTTY) printError(`${words}\n`);
}
