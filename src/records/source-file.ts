import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { extname } from "node:path";

import { ImportError } from "./import-error.ts";
import { type OnBytes, readRecords } from "./read-records.ts";
import type { SourceFormat, SourceItem } from "./source-record.ts";

const CHUNK = 64 * 1024;

const FORMATS: Readonly<Record<string, SourceFormat>> = {
  ".csv": "csv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

/** The format that a file's name says. Throws ImportError for any other. */
export function sourceFormat(path: string): SourceFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new ImportError(null, `${path} is none of .csv, .json and .jsonl.`);
  }
  return format;
}

/**
 * Reads the records of a file in the format that its name says; see {@link readRecords}. Throws ImportError for a
 * file that cannot be read at all.
 */
export function readFileRecords(path: string, onBytes?: OnBytes): AsyncIterable<SourceItem> {
  return readRecords(sourceFormat(path), fileChunks(path), onBytes);
}

async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      if (Buffer.isBuffer(chunk)) yield chunk;
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/**
 * The bytes of a file that can be read more than once.
 *
 * Throws ImportError where there is none, or where this user may not read it.
 */
export async function fileSize(path: string): Promise<number> {
  try {
    await access(path, constants.R_OK);
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw readError(path, error);
  }
  throw new ImportError(null, `Cannot read ${path}: it is no file.`);
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "this user may not read it",
};

function readError(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = READ_FAULTS[code];
  if (reason === undefined) return error;
  return new ImportError(null, `Cannot read ${path}: ${reason}.`, { cause: error });
}
