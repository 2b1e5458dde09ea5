/**
 * One row as the server sends it, in the body of a `DataRow` message (PostgreSQL: Message Formats): the number of
 * fields in two bytes, then for each its length in four, -1 for NULL, and its text in UTF-8.
 */
export class RowBytes {
  /** The bytes in which the row stands. */
  bytes: Buffer = Buffer.alloc(0);
  /** Where each field begins and ends among them; both are 0 of one that is NULL. */
  starts = new Int32Array(32);
  ends = new Int32Array(32);

  /** Where the row itself begins and ends. */
  begin = 0;
  end = 0;

  /** Reads where the fields of a row are. It is good as long as the bytes are. */
  read(bytes: Buffer, offset: number): void {
    this.bytes = bytes;
    this.begin = offset;
    const count = bytes.readInt16BE(offset);
    if (count > this.starts.length) {
      this.starts = new Int32Array(count);
      this.ends = new Int32Array(count);
    }
    let at = offset + 2;
    for (let field = 0; field < count; field += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      this.starts[field] = length < 0 ? 0 : at;
      at += Math.max(length, 0);
      this.ends[field] = length < 0 ? 0 : at;
    }
    this.end = at;
  }

  isNull(field: number): boolean {
    return this.starts[field] === 0;
  }

  /** The first byte of a field; undefined of one that is NULL or has none. */
  first(field: number): number | undefined {
    const [from = 0, to = 0] = [this.starts[field], this.ends[field]];
    return from < to ? this.bytes[from] : undefined;
  }

  /** The text of a field; null of one that is NULL. */
  text(field: number): string | null {
    return this.isNull(field)
      ? null
      : this.bytes.toString("utf8", this.starts[field], this.ends[field]);
  }
}
