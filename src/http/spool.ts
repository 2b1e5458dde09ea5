import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

/** What is kept in memory: beyond it a file is made. */
const BUFFER_BYTES = 1024 * 1024;

/**
 * Keeps what is to be sent until all of it is there, so that whoever makes it never waits for whoever takes it.
 *
 * Beyond one buffer it is a temporary file that only this user may read, and that has no name any more from
 * the moment it is open: whatever becomes of the process, the system takes it away.
 */
export class Spool {
  #buffered: Buffer[] = [];
  #bufferedBytes = 0;
  #bytes = 0;
  #file: FileHandle | null = null;

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  async write(text: string): Promise<void> {
    const piece = Buffer.from(text);
    this.#bytes += piece.byteLength;
    this.#bufferedBytes += piece.byteLength;
    this.#buffered.push(piece);
    if (this.#bufferedBytes <= BUFFER_BYTES) return;
    this.#file ??= await unnamedFile();
    await this.#flushTo(this.#file);
  }

  /** All that was written, from the beginning. Nothing is written after it. */
  async read(): Promise<Readable> {
    if (!this.#file) return Readable.from(this.#buffered, { objectMode: false });
    await this.#flushTo(this.#file);
    return this.#file.createReadStream({ start: 0, autoClose: false });
  }

  /** Gives back what it takes. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
    this.#buffered = [];
  }

  async #flushTo(file: FileHandle): Promise<void> {
    const pieces = this.#buffered;
    this.#buffered = [];
    this.#bufferedBytes = 0;
    await file.appendFile(Buffer.concat(pieces));
  }
}

async function unnamedFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `fieldgate-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}
