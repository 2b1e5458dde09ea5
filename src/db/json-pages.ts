import sql, { join, raw, type Sql } from "sql-template-tag";
import { spareMemory } from "../memory/spare-memory.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { JsonWriter } from "./row-bytes/json-writer.ts";
import { RowBytes } from "./row-bytes/row-bytes.ts";
import { type RowFields, rowFields } from "./row-bytes/row-fields.ts";
import { cellWriter } from "./row-bytes/cell-writer.ts";
import type { Write } from "./row-bytes/object-writer.ts";
import { rowWriter } from "./row-bytes/row-writer.ts";
import { placeOf, type ShownKey } from "./row-pages.ts";
import { columnsIn, type RowShape } from "./row-shape.ts";
import { type RowsInOrder, stretches } from "./row-stretches.ts";
import type { Place } from "./shown-row.ts";
import { MOST_ANSWER_BYTES, TooLargeError } from "./too-large-error.ts";
import type { Transaction } from "./transaction.ts";

/** A page of which each row is answered as the JSON of a shape. */
export interface JsonPageRequest extends Omit<RowsInOrder, "limit"> {
  readonly shape: RowShape;
  /** The most rows of the page. */
  readonly size: number;
  /** Whether the places of its first and its last row are asked for. */
  readonly isPlaced: boolean;
}

/** The rows of such a page. */
export interface JsonPage {
  /** The rows in UTF-8, with commas between them, in pieces of {@link spareMemory} that follow each other. */
  readonly json: readonly Buffer[];
  readonly length: number;
  readonly hasMore: boolean;
  /** Null on an empty page, and where they were not asked for. */
  readonly first: Place | null;
  readonly last: Place | null;
}

/**
 * Reads pages of many datasets in one statement, each in its order. Each row is written as JSON from the bytes that the
 * database sends, as it arrives: neither the row nor a cell of it becomes a value on the way.
 *
 * @throws {TooLargeError} where they are longer than an answer may be.
 */
export async function jsonPages(
  transaction: Transaction,
  requests: readonly JsonPageRequest[],
): Promise<JsonPage[]> {
  const parts = requests.map((request) => ({ request, fields: fieldsOf(request) }));
  const width = Math.max(...parts.map(({ fields }) => fields.selected.length));
  const statement = join(
    parts.map((part, index) => sql`(${pageSql(part, index, parts.length > 1 ? width : 0)})`),
    " UNION ALL ",
  );
  const pages = parts.map(({ request, fields }) => new PageWriter(request, fields));
  const row = new RowBytes();
  let left = MOST_ANSWER_BYTES;
  await transaction.readRows(statement, (bytes, offset) => {
    row.read(bytes, offset);
    left -= pages[Number(row.text(0))]?.take(row) ?? 0;
    if (left < 0) throw new TooLargeError();
  });
  return pages.map((page) => page.written());
}

/** The number of the page comes before them. */
function fieldsOf({ dataset, shape, order, isPlaced }: JsonPageRequest): RowFields {
  return rowFields(dataset, shape, isPlaced ? order.map(({ column }) => column) : null, 1);
}

interface Part {
  readonly request: JsonPageRequest;
  readonly fields: RowFields;
}

/** @param width How many fields the parts of the statement have to have alike, as texts; 0: it is alone. */
function pageSql({ request, fields }: Part, index: number, width: number): Sql {
  const { size, shape } = request;
  const rows = stretches({ ...request, limit: size + 1 }, columnsIn(shape));
  const { selected } = fields;
  const missing = Array.from({ length: Math.max(width - selected.length, 0) }, () => raw("NULL"));
  const alike =
    width > 0 ? [...selected.map((field) => sql`${field}::text`), ...missing] : selected;
  return sql`
    SELECT ${join([raw(String(index)), ...alike])}
    FROM (${join(rows, " UNION ALL ")}) r LIMIT ${size + 1}`;
}

/** Writes the rows of one page. */
class PageWriter {
  readonly #size: number;
  readonly #write: Write;
  readonly #placeIn: ((row: RowBytes) => Place) | null;
  readonly #out = new JsonWriter((bytes) => spareMemory.take(bytes));
  readonly #last = new HeldRow();
  #count = 0;
  #first: Place | null = null;

  constructor({ dataset, shape, order, size, isPlaced }: JsonPageRequest, fields: RowFields) {
    this.#size = size;
    const keys = isPlaced ? order.map(({ column }) => column) : [];
    this.#placeIn = isPlaced ? placeReader(fields, keys) : null;
    this.#write = rowWriter({ dataset, fields, placeIn: this.#placeIn }, shape);
  }

  /** @returns How many bytes it takes. One row more than the page holds is not written. */
  take(row: RowBytes): number {
    this.#count += 1;
    if (this.#count > this.#size) return 0;
    const out = this.#out;
    const before = out.length;
    if (this.#count > 1) out.bytes(COMMA);
    this.#write(row, out);
    if (this.#placeIn) {
      this.#first ??= this.#placeIn(row);
      this.#last.hold(row);
    }
    return out.length - before;
  }

  written(): JsonPage {
    const length = Math.min(this.#count, this.#size);
    return {
      json: this.#out.pieces(),
      length,
      hasMore: this.#count > this.#size,
      first: this.#first,
      last: this.#first && (this.#placeIn?.(this.#last.row) ?? null),
    };
  }
}

const COMMA = Buffer.from(",");

function placeReader(
  { placeOf: fieldOf }: RowFields,
  keys: readonly ColumnDefinition[],
): (row: RowBytes) => Place {
  const id = fieldOf("id");
  const writes = keys.map((column) => cellWriter(column, fieldOf(column)));
  return (row) => {
    const cells = writes.map((write) => {
      const out = new JsonWriter();
      write(row, out);
      return JSON.parse(out.written().toString()) as ShownKey;
    });
    return placeOf(row.text(id) ?? "", cells);
  };
}

/** The last row of many, kept beyond the bytes that were lent. */
class HeldRow {
  readonly row = new RowBytes();
  #bytes = Buffer.alloc(0);

  hold({ bytes, begin, end }: RowBytes): void {
    const length = end - begin;
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length * 2);
    bytes.copy(this.#bytes, 0, begin, end);
    this.row.read(this.#bytes, 0);
  }
}
