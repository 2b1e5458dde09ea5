import type { JsonValue } from "../../../cell/cell-value.ts";
import { inChunks } from "../../../records/in-chunks.ts";
import { type SourceCell, type SourceItem, WrittenNumber } from "../../../records/source-record.ts";
import type { Chunk } from "./staged-records.ts";

/**
 * Gathers the records of a file.
 *
 * @param onHeaders Told of the headers of a CSV file before any of its records.
 */
export function chunksOf(
  items: AsyncIterable<SourceItem>,
  onHeaders: (headers: readonly string[]) => Promise<void>,
): AsyncGenerator<Chunk> {
  return inChunks(withoutHeaders(items, onHeaders), bytesOf);
}

async function* withoutHeaders(
  items: AsyncIterable<SourceItem>,
  onHeaders: (headers: readonly string[]) => Promise<void>,
): AsyncGenerator<Chunk[number]> {
  for await (const item of items) {
    if (item.kind === "header") await onHeaders(item.headers);
    else yield item;
  }
}

/** About how many bytes a value takes besides its text. */
const VALUE_BYTES = 16;

/** About how much memory a record takes. */
function bytesOf(item: Chunk[number]): number {
  if (item.kind === "fault") return VALUE_BYTES;
  let bytes = 0;
  for (const [header, cell] of item.cells) bytes += header.length + cellBytes(cell);
  return bytes;
}

function cellBytes(cell: SourceCell): number {
  if (cell instanceof WrittenNumber) return VALUE_BYTES + cell.text.length;
  let bytes = 0;
  // It grows while it is gone through: JSON may be nested deeper than calls may be.
  const values: JsonValue[] = [cell];
  for (const value of values) {
    bytes += VALUE_BYTES;
    if (typeof value === "string") bytes += value.length;
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries<JsonValue>(value)) {
        bytes += key.length;
        values.push(inner);
      }
    }
  }
  return bytes;
}
