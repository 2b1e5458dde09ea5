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
  /** One and the same for all that is written: what is thrown away is collected late, and is much. */
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #buffered = 0;
  #filed = 0;
  #file: FileHandle | null = null;

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#filed + this.#buffered;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    if (this.#buffered + bytes > BUFFER_BYTES) await this.#flush();
    if (bytes > BUFFER_BYTES) await this.#append(Buffer.from(text));
    else this.#buffered += this.#buffer.write(text, this.#buffered);
  }

  /** All that was written, from the beginning. Nothing is written after it. */
  async read(): Promise<Readable> {
    if (!this.#file) {
      return Readable.from([this.#buffer.subarray(0, this.#buffered)], { objectMode: false });
    }
    await this.#flush();
    return this.#file.createReadStream({ start: 0, autoClose: false });
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
