import { freshMemory, type NewMemory } from "../../memory/spare-memory.ts";
import type { RowBytes } from "./row-bytes.ts";

/** From how many bytes on a call to copy them costs less than to copy one after the other. */
const LONG = 48;

/** How large the first piece of memory is, and how large the later ones become, in bytes. */
const [FIRST_PIECE, LARGEST_PIECE] = [4 * 1024, 1024 * 1024];

/**
 * Gathers bytes, among them those of the fields of rows as the server sends them. What is written stays where it is:
 * memory that is full is followed by another piece.
 */
export class ByteWriter {
  protected memory: Buffer;
  protected end = 0;
  #full: Buffer[] = [];
  #before = 0;
  readonly #newMemory: NewMemory;

  /** @param newMemory Finds memory of so many bytes or more. */
  constructor(newMemory: NewMemory = freshMemory) {
    this.#newMemory = newMemory;
    this.memory = newMemory(FIRST_PIECE);
  }

  get length(): number {
    return this.#before + this.end;
  }

  /** What was written, in pieces that follow each other. */
  pieces(): readonly Buffer[] {
    return [...this.#full, this.memory.subarray(0, this.end)];
  }

  /** What was written. */
  written(): Buffer {
    const [first = this.memory, ...others] = this.pieces();
    return others.length === 0 ? first : Buffer.concat([first, ...others]);
  }

  /** Begins anew in the last piece of memory: what was written there before is written over. */
  clear(): void {
    this.#full = [];
    this.#before = 0;
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

  /** Makes sure that so much stands in one piece. */
  protected reserve(more: number): void {
    if (this.end + more <= this.memory.length) return;
    this.#full.push(this.memory.subarray(0, this.end));
    this.#before += this.end;
    const usual = Math.min(this.memory.length * 2, LARGEST_PIECE);
    this.memory = this.#newMemory(Math.max(more, usual));
    this.end = 0;
  }
}
