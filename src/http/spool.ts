import { randomUUID } from "node:crypto";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is kept in memory: beyond it a file is made. */
const BUFFER_BYTES = 1024 * 1024;

/**
 * Keeps what is to be sent until all of it is there, so that whoever makes it never waits for whoever takes it.
 *
 * Beyond one buffer it is a temporary file that only this user may read, and that has no name any more from
 * the moment it is open: whatever becomes of the process, the system takes it away.
 */
export class Spool {
  /** One and the same for all that comes and goes: buffers that are thrown away are collected late. */
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #buffered = 0;
  #filed = 0;
  #file: FileHandle | null = null;

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#filed + this.#buffered;
  }

  /** Takes a piece, which is copied. */
  async write(piece: Buffer): Promise<void> {
    if (this.#buffered + piece.length > BUFFER_BYTES) await this.#flush();
    if (piece.length > BUFFER_BYTES) return await this.#append(piece);
    this.#buffer.set(piece, this.#buffered);
    this.#buffered += piece.length;
  }

  /**
   * Hands over all that was written, a piece at a time, each of which is as it was until it has been taken. Nothing
   * is written after it.
   */
  async send(take: (piece: Buffer) => Promise<void>): Promise<void> {
    if (!this.#file) return await take(this.#buffer.subarray(0, this.#buffered));
    await this.#flush();
    for (let at = 0; at < this.#filed;) {
      const { bytesRead } = await this.#file.read(this.#buffer, 0, BUFFER_BYTES, at);
      await take(this.#buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  }

  /** Gives back what it takes. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #flush(): Promise<void> {
    await this.#append(this.#buffer.subarray(0, this.#buffered));
    this.#buffered = 0;
  }

  async #append(bytes: Buffer): Promise<void> {
    this.#file ??= await unnamedFile();
    await this.#file.appendFile(bytes);
    this.#filed += bytes.byteLength;
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
