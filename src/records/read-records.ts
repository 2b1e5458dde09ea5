import { ImportError } from "./import-error.ts";
import { readCsv } from "./read-csv.ts";
import { readJson, readJsonLines } from "./read-json.ts";
import type { SourceFormat, SourceItem } from "./source-record.ts";

/** Told how many bytes have been read. */
export type OnBytes = (bytesRead: number) => void;

const READERS = { csv: readCsv, json: readJson, jsonl: readJsonLines };

/**
 * Reads records out of bytes in constant memory: the header first (CSV alone has one), then records, and faults in
 * the place of those that cannot be used. Throws ImportError where nothing after a place can be read.
 */
export function readRecords(
  format: SourceFormat,
  chunks: AsyncIterable<Buffer>,
  onBytes: OnBytes = () => {},
): AsyncIterable<SourceItem> {
  return READERS[format](withoutMark(chunks, onBytes));
}

const UTF16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The bytes without the byte-order mark of UTF-8; refuses that of UTF-16. A chunk counts once it has been used. */
async function* withoutMark(
  chunks: AsyncIterable<Buffer>,
  onBytes: OnBytes,
): AsyncGenerator<Buffer> {
  let bytesRead = 0;
  for await (const chunk of withWholeMark(chunks)) {
    yield bytesRead === 0 ? unmarked(chunk) : chunk;
    bytesRead += chunk.length;
    onBytes(bytesRead);
  }
}

/** The same bytes: the first chunk is as long as a mark, if so much comes at all. */
async function* withWholeMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start.length >= UTF8_MARK.length) yield chunk;
    else {
      start = Buffer.concat([start, chunk]);
      if (start.length >= UTF8_MARK.length) yield start;
    }
  }
  if (start.length < UTF8_MARK.length) yield start;
}

function unmarked(chunk: Buffer): Buffer {
  if (UTF16.some((mark) => chunk.subarray(0, 2).equals(mark))) {
    throw new ImportError(null, "The file is UTF-16: save it as UTF-8.");
  }
  return chunk.subarray(0, 3).equals(UTF8_MARK) ? chunk.subarray(3) : chunk;
}
