/** Finds memory of so many bytes or more; only what is written into it may be read. */
export type NewMemory = (bytes: number) => Buffer;

/** Memory that is used once. */
export const freshMemory: NewMemory = (bytes) => Buffer.allocUnsafe(bytes);

/** The smallest memory that is worth keeping: less costs nothing to make. */
const SMALLEST = 16 * 1024;

/**
 * Memory that large answers were made in, kept for the next ones. Whoever touches new memory waits for the system to
 * find and clear it, page by page, and the garbage collector to give it back; see docs/decisions/020-spare-memory.md.
 *
 * What is taken holds what others have written: only what was written into it since may be read.
 */
export class SpareMemory {
  readonly #most: number;
  readonly #spare = new Map<number, Buffer[]>();
  /** What was taken, and is not given back: nothing can be given back twice. */
  readonly #taken = new WeakSet<ArrayBufferLike>();
  #bytes = 0;

  /** @param most How many bytes are kept for later. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many bytes are kept for later now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns Memory of so many bytes or more. Who keeps it instead of giving it back does no harm. */
  take(bytes: number): Buffer {
    if (bytes < SMALLEST) return freshMemory(bytes);
    const size = 2 ** Math.ceil(Math.log2(bytes));
    const spare = this.#spare.get(size)?.pop();
    if (spare) this.#bytes -= size;
    const memory = spare ?? Buffer.allocUnsafeSlow(size);
    this.#taken.add(memory.buffer);
    return memory;
  }

  /** Takes memory back, whole, by any part of it. Nobody may read or write it from now on. */
  give({ buffer }: Buffer): void {
    if (!this.#taken.delete(buffer)) return;
    const size = buffer.byteLength;
    if (this.#bytes + size > this.#most) return;
    this.#bytes += size;
    this.#spare.set(size, [...(this.#spare.get(size) ?? []), Buffer.from(buffer)]);
  }
}

/** That of the process: enough for some ten answers of 10,000 rows at once. */
export const spareMemory = new SpareMemory(32 * 1024 * 1024);
