import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";

import { ImportError } from "./import-error.ts";

export type OnBytes = (bytesRead: number) => void;

const UTF16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const CHUNK = 64 * 1024;

/** Reads a file piece by piece, without the byte-order mark of UTF-8; refuses that of UTF-16. */
export async function* readChunks(path: string, onBytes: OnBytes): AsyncGenerator<Buffer> {
  let bytesRead = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
      if (!Buffer.isBuffer(chunk)) continue;
      yield bytesRead === 0 ? withoutMark(chunk) : chunk;
      bytesRead += chunk.length;
      onBytes(bytesRead);
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

function withoutMark(chunk: Buffer): Buffer {
  if (UTF16.some((mark) => chunk.subarray(0, 2).equals(mark))) {
    throw new ImportError(null, "The file is UTF-16: save it as UTF-8.");
  }
  return chunk.subarray(0, 3).equals(UTF8_MARK) ? chunk.subarray(3) : chunk;
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

/** Bytes that lie on one line; `ends` where its line break follows them. */
export interface LinePiece {
  readonly line: number;
  readonly bytes: Buffer;
  readonly ends: boolean;
}

const NEWLINE = 10;

/** Cuts chunks at line breaks (a carriage return stays), so that a place in the text has a line. */
export async function* splitAtNewlines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LinePiece> {
  let line = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield { line, bytes: chunk.subarray(start, end + 1), ends: true };
      line += 1;
      start = end + 1;
    }
    if (start < chunk.length) yield { line, bytes: chunk.subarray(start), ends: false };
  }
}
