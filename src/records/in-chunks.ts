/** What is written at once at most: enough that its cost is that of the rows, few enough to stay in memory. */
const MOST = { items: 1_000, bytes: 4 * 1024 * 1024 } as const;

/** Gathers what is read of a file into lists, each bounded by how many items and about how many bytes are in it. */
export async function* inChunks<Item>(
  items: AsyncIterable<Item>,
  bytesOf: (item: Item) => number,
): AsyncGenerator<readonly Item[]> {
  let chunk: Item[] = [];
  let bytes = 0;
  for await (const item of items) {
    chunk.push(item);
    bytes += bytesOf(item);
    if (chunk.length < MOST.items && bytes < MOST.bytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}
