import { extname } from "node:path";

import { ImportError } from "./import-error.ts";
import type { OnBytes } from "./read-chunks.ts";
import { readChunks } from "./read-chunks.ts";
import { readCsv } from "./read-csv.ts";
import { readJson, readJsonLines } from "./read-json.ts";
import type { SourceFormat, SourceItem } from "./source-record.ts";

const FORMATS: Readonly<Record<string, SourceFormat>> = {
  ".csv": "csv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

const READERS = { csv: readCsv, json: readJson, jsonl: readJsonLines };

/** The format that a file's name says. Throws ImportError for any other. */
export function sourceFormat(path: string): SourceFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new ImportError(null, `${path} is none of .csv, .json and .jsonl.`);
  }
  return format;
}

/**
 * Reads the records of a file in constant memory: the header first (CSV alone has one), then
 * records, and faults in the place of those that cannot be used. Throws ImportError where nothing
 * after a place can be read, and for a file that cannot be read at all.
 */
export function readRecords(path: string, onBytes: OnBytes = () => {}): AsyncIterable<SourceItem> {
  return READERS[sourceFormat(path)](readChunks(path, onBytes));
}
