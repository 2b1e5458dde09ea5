/** Does the work for one item after another, never for two at once. */
export async function inTurn<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  // oxlint-disable-next-line no-await-in-loop -- statements run side by side would time each other
  for (const item of items) results.push(await work(item));
  return results;
}

/** The whole numbers from one to another, both included. */
export const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
