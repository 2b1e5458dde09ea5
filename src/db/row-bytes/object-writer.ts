import type { JsonWriter } from "./json-writer.ts";
import type { RowBytes } from "./row-bytes.ts";

/** Writes something of a row as JSON. */
export type Write = (row: RowBytes, out: JsonWriter) => void;

/** Whether a row has something. */
export type IsHeld = (row: RowBytes) => boolean;

/** A member of an object. */
interface MemberWriter {
  readonly name: string;
  readonly write: Write;
  /** Whether a row has it; null: each has. */
  readonly isHeld?: IsHeld | null;
}

/** Writes an object of the members that a row has. */
export function objectWriter(members: readonly MemberWriter[]): Write {
  const parts = members.map(({ name, write, isHeld = null }) => ({
    first: Buffer.from(`"${name}":`),
    later: Buffer.from(`,"${name}":`),
    write,
    isHeld,
  }));
  return (row, out) => {
    out.bytes(OPEN);
    let isFirst = true;
    for (const { first, later, write, isHeld } of parts) {
      if (isHeld && !isHeld(row)) continue;
      out.bytes(isFirst ? first : later);
      isFirst = false;
      write(row, out);
    }
    out.bytes(CLOSE);
  };
}

/** Writes the names of what a row does not have. */
export function namesWriter(fields: readonly Pick<MemberWriter, "name" | "isHeld">[]): Write {
  return (row, out) => {
    const names = fields.filter(({ isHeld }) => !isHeld?.(row)).map(({ name }) => name);
    out.bytes(Buffer.from(JSON.stringify(names)));
  };
}

/** Writes the same of each row. */
export function constant(json: string): Write {
  const bytes = Buffer.from(json);
  return (_row, out) => out.bytes(bytes);
}

/** The JSON of nothing. */
export const NULL = Buffer.from("null");
const [OPEN, CLOSE] = [Buffer.from("{"), Buffer.from("}")];
