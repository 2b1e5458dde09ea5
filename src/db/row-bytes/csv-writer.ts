import { mayBeMarked, neutralised } from "../../cell/formula.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { RowBytes } from "./row-bytes.ts";

const [QUOTE, COMMA, RETURN, NEWLINE] = [0x22, 0x2c, 0x0d, 0x0a];

/** Writes CSV (RFC 4180) as bytes, from the fields of rows as the server sends them. NULL is written as nothing. */
export class CsvWriter extends ByteWriter {
  /** Writes a field, quoted where it has to be. */
  cell(row: RowBytes, field: number): void {
    this.#field(row.bytes, row.starts[field], row.ends[field]);
  }

  /** Writes a field so that no spreadsheet takes it for a formula. */
  text(row: RowBytes, field: number): void {
    const text = mayBeMarked(row.first(field)) ? row.text(field) : null;
    if (text === null) return this.cell(row, field);
    const marked = Buffer.from(neutralised(text));
    this.#field(marked, 0, marked.length);
  }

  #field(bytes: Uint8Array, from = 0, to = 0): void {
    this.reserve(2 * (to - from) + 2);
    if (!isQuoted(bytes, from, to)) return this.copy(bytes, from, to);
    this.put(QUOTE);
    for (let place = from; place < to; place += 1) {
      const byte = bytes[place] ?? 0;
      if (byte === QUOTE) this.put(QUOTE);
      this.put(byte);
    }
    this.put(QUOTE);
  }
}

/** A line break of any kind ends a record. */
function isQuoted(bytes: Uint8Array, from: number, to: number): boolean {
  for (let place = from; place < to; place += 1) {
    const byte = bytes[place];
    if (byte === COMMA || byte === QUOTE || byte === RETURN || byte === NEWLINE) return true;
  }
  return false;
}
