import type { RowBytes } from "./row-bytes.ts";

const [QUOTE, BACKSLASH, HYPHEN, POINT, SPACE] = [0x22, 0x5c, 0x2d, 0x2e, 0x20];
const [ZERO, NINE, T, Z] = [0x30, 0x39, 0x54, 0x5a];

/** From how many bytes on a call to copy them costs less than to copy one after the other. */
const LONG = 48;

/** How many bytes one byte of text may become: `\u0001`. */
const MOST_ESCAPED = 6;

/** Digits, with a sign, of an integer that every double holds. */
const SAFE_DIGITS = 15;

/**
 * Writes JSON as bytes, from the fields of rows as the server sends them. What writes a field takes one that is not
 * NULL.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafe(4_096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was written. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Writes JSON that is made already. */
  json(json: Uint8Array): void {
    this.#reserve(json.length);
    this.#copy(json, 0, json.length);
  }

  /** Writes the field as it is: a number, a boolean or JSON. */
  raw({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.#reserve(to - from);
    this.#copy(bytes, from, to);
  }

  /** Writes the field as a string. It holds nothing that has to be escaped, such as a decimal. */
  plain({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.#reserve(to - from + 2);
    this.#put(QUOTE);
    this.#copy(bytes, from, to);
    this.#put(QUOTE);
  }

  /** Writes the field as a number where every double holds it, and else as a string. */
  integer(row: RowBytes, field: number): void {
    if (isSafe(row, field)) this.raw(row, field);
    else this.plain(row, field);
  }

  /** Writes the field as a string (RFC 8259, section 7). */
  text({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.#reserve((to - from) * MOST_ESCAPED + 2);
    const written = this.#bytes;
    let at = this.#length;
    written[at++] = QUOTE;
    for (let place = from; place < to; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) written[at++] = byte;
      else at += written.write(escaped(byte), at, "latin1");
    }
    written[at++] = QUOTE;
    this.#length = at;
  }

  /** Writes a moment, `2026-11-25 01:02:03.04+00` to the server, as ISO 8601 with milliseconds. */
  moment({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.#reserve(to - from + 8);
    const seconds = from + "2026-11-25 01:02:03".length;
    this.#put(QUOTE);
    this.#copy(bytes, from, seconds);
    this.#bytes[this.#length - " 01:02:03".length] = T;
    this.#put(POINT);
    let isFraction = bytes[seconds] === POINT;
    for (let digit = 1; digit <= 3; digit += 1) {
      const byte = bytes[seconds + digit] ?? 0;
      isFraction &&= byte >= ZERO && byte <= NINE;
      this.#put(isFraction ? byte : ZERO);
    }
    this.#put(Z);
    this.#put(QUOTE);
  }

  /** Writes the digits of a UUID, as they stand in the text of an id. */
  digits({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.#reserve(to - from);
    for (let place = from; place < to; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte !== HYPHEN) this.#put(byte);
    }
  }

  #put(byte: number): void {
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  #copy(source: Uint8Array, from: number, to: number): void {
    const written = this.#bytes;
    const at = this.#length;
    this.#length = at + to - from;
    if (to - from >= LONG) written.set(source.subarray(from, to), at);
    else
      for (let place = from; place < to; place += 1)
        written[at + place - from] = source[place] ?? 0;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** As `JSON.stringify` escapes it. */
function escaped(byte: number): string {
  return JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
}

function isSafe(row: RowBytes, field: number): boolean {
  const length = (row.ends[field] ?? 0) - (row.starts[field] ?? 0);
  return length <= SAFE_DIGITS || Number.isSafeInteger(Number(row.text(field)));
}
