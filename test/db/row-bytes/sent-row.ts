import { RowBytes } from "../../../src/db/row-bytes/row-bytes.ts";

/** A row as the server sends it, somewhere among other bytes. */
function sent(fields: readonly (string | null)[]): { bytes: Buffer; offset: number } {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  const parts = fields.flatMap((field) => {
    const length = Buffer.alloc(4);
    const text = Buffer.from(field ?? "");
    length.writeInt32BE(field === null ? -1 : text.length);
    return [length, text];
  });
  return {
    bytes: Buffer.concat([Buffer.from("xyz"), count, ...parts, Buffer.from("z")]),
    offset: 3,
  };
}

/** The same, read. */
export function rowOf(...fields: readonly (string | null)[]): RowBytes {
  const row = new RowBytes();
  const { bytes, offset } = sent(fields);
  row.read(bytes, offset);
  return row;
}
