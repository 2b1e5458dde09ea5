/** How many names or values a message lists, how many characters of each, and how many in all. */
const MOST = { listed: 20, each: 63, characters: 600 } as const;

/** Names or values as a message lists them: the first of them, and `…` where there are more. */
export function listed(texts: readonly string[]): string {
  let room: number = MOST.characters;
  const shown: string[] = [];
  for (const text of texts.slice(0, MOST.listed)) {
    const part = text.length > MOST.each ? `${text.slice(0, MOST.each)}…` : text;
    room -= part.length + 2;
    if (room < 0) break;
    shown.push(part);
  }
  return [...shown, ...(shown.length < texts.length ? ["…"] : [])].join(", ");
}
