import type { RowBytes } from "./row-bytes.ts";

/** From how many bytes on a call to copy them costs less than to copy one after the other. */
const LONG = 48;

/** Gathers bytes, among them those of the fields of rows as the server sends them. */
export class ByteWriter {
  protected memory = Buffer.allocUnsafe(4_096);
  protected end = 0;

  get length(): number {
    return this.end;
  }

  /** What was written. */
  written(): Buffer {
    return this.memory.subarray(0, this.end);
  }

  /** Begins anew in the same memory: what was written before is written over. */
  clear(): void {
    this.end = 0;
  }

  /** Writes what is made already. */
  bytes(made: Uint8Array): void {
    this.reserve(made.length);
    this.copy(made, 0, made.length);
  }

  /** Writes the field as it is. */
  raw({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.reserve(to - from);
    this.copy(bytes, from, to);
  }

  protected put(byte: number): void {
    this.memory[this.end] = byte;
    this.end += 1;
  }

  protected copy(source: Uint8Array, from: number, to: number): void {
    const { memory, end } = this;
    this.end = end + to - from;
    if (to - from >= LONG) memory.set(source.subarray(from, to), end);
    else
      for (let place = from; place < to; place += 1)
        memory[end + place - from] = source[place] ?? 0;
  }

  protected reserve(more: number): void {
    const needed = this.end + more;
    if (needed <= this.memory.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.memory.length * 2));
    this.memory.copy(larger, 0, 0, this.end);
    this.memory = larger;
  }
}
