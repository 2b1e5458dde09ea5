/** Whether a text arrives as it is in a header, whose value is of printable characters and is trimmed. */
export function isSentWhole(text: string): boolean {
  return /^[ -~]*$/.test(text) && text.trim() === text;
}
