import { ByteWriter } from "./byte-writer.ts";
import type { RowBytes } from "./row-bytes.ts";

const [QUOTE, BACKSLASH, HYPHEN, POINT, SPACE] = [0x22, 0x5c, 0x2d, 0x2e, 0x20];
const [ZERO, NINE, T, Z] = [0x30, 0x39, 0x54, 0x5a];

/** How many bytes one byte of text may become: `\u0001`. */
const MOST_ESCAPED = 6;

/** Digits, with a sign, of an integer that every double holds. */
const SAFE_DIGITS = 15;

/**
 * Writes JSON as bytes, from the fields of rows as the server sends them. What writes a field takes one that is not
 * NULL.
 */
export class JsonWriter extends ByteWriter {
  /** Writes the field as a string. It holds nothing that has to be escaped, such as a decimal. */
  plain({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.reserve(to - from + 2);
    this.put(QUOTE);
    this.copy(bytes, from, to);
    this.put(QUOTE);
  }

  /** Writes the field as a number where every double holds it, and else as a string. */
  integer(row: RowBytes, field: number): void {
    if (isSafe(row, field)) this.raw(row, field);
    else this.plain(row, field);
  }

  /** Writes the field as a string (RFC 8259, section 7). */
  text({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.reserve((to - from) * MOST_ESCAPED + 2);
    const written = this.memory;
    let at = this.end;
    written[at++] = QUOTE;
    for (let place = from; place < to; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH) written[at++] = byte;
      else at += written.write(escaped(byte), at, "latin1");
    }
    written[at++] = QUOTE;
    this.end = at;
  }

  /** Writes a moment, `2026-11-25 01:02:03.04+00` to the server, as ISO 8601 with milliseconds. */
  moment({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.reserve(to - from + 8);
    const seconds = from + "2026-11-25 01:02:03".length;
    this.put(QUOTE);
    this.copy(bytes, from, seconds);
    this.memory[this.end - " 01:02:03".length] = T;
    this.put(POINT);
    let isFraction = bytes[seconds] === POINT;
    for (let digit = 1; digit <= 3; digit += 1) {
      const byte = bytes[seconds + digit] ?? 0;
      isFraction &&= byte >= ZERO && byte <= NINE;
      this.put(isFraction ? byte : ZERO);
    }
    this.put(Z);
    this.put(QUOTE);
  }

  /** Writes the digits of a UUID, as they stand in the text of an id. */
  digits({ bytes, starts, ends }: RowBytes, field: number): void {
    const [from = 0, to = 0] = [starts[field], ends[field]];
    this.reserve(to - from);
    for (let place = from; place < to; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte !== HYPHEN) this.put(byte);
    }
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
