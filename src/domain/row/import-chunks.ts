import { type SourceCell, type SourceItem, WrittenNumber } from "../../records/source-record.ts";
import type { Chunk } from "./staged-records.ts";

/** What is checked and written at once at most: enough that its cost is theirs, few enough to stay in memory. */
const MOST = { records: 1_000, bytes: 4 * 1024 * 1024 } as const;

/**
 * Gathers the records of a file. While some are used the next are read.
 *
 * @param onHeaders Told of the headers of a CSV file before any of its records.
 */
export async function* chunksOf(
  items: AsyncIterable<SourceItem>,
  onHeaders: (headers: readonly string[]) => Promise<void>,
): AsyncGenerator<Chunk> {
  let chunk: Chunk[number][] = [];
  let bytes = 0;
  for await (const item of items) {
    if (item.kind === "header") {
      await onHeaders(item.headers);
      continue;
    }
    chunk.push(item);
    bytes += bytesOf(item);
    if (chunk.length < MOST.records && bytes < MOST.bytes) continue;
    yield chunk;
    chunk = [];
    bytes = 0;
  }
  if (chunk.length > 0) yield chunk;
}

function bytesOf(item: Chunk[number]): number {
  if (item.kind === "fault") return 0;
  return [...item.cells.values()].reduce<number>((sum, cell) => sum + cellBytes(cell), 0);
}

/** About how much memory a cell takes. */
function cellBytes(cell: SourceCell): number {
  if (typeof cell === "string") return cell.length;
  if (cell instanceof WrittenNumber) return cell.text.length;
  return typeof cell === "object" && cell !== null ? JSON.stringify(cell).length : 1;
}
