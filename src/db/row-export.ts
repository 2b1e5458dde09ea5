import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, type Predicate } from "../authz/predicate.ts";
import { cellJson } from "./cell-json.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName, concat, predicateSql } from "./predicate-sql.ts";
import { columnsById, isVarying, type PlannedDataset, readableView } from "./readable-view.ts";
import type { ByteWriter } from "./row-bytes/byte-writer.ts";
import { CsvWriter } from "./row-bytes/csv-writer.ts";
import { JsonWriter } from "./row-bytes/json-writer.ts";
import type { Write } from "./row-bytes/object-writer.ts";
import { RowBytes } from "./row-bytes/row-bytes.ts";
import { rowFields } from "./row-bytes/row-fields.ts";
import { valuesWriter } from "./row-bytes/row-writer.ts";
import type { RowShape } from "./row-shape.ts";
import { type OrderKey, orderSql } from "./row-stretches.ts";
import type { Transaction } from "./transaction.ts";

/** All rows of a readable view that match a filter, in an order. */
export interface ExportRequest {
  readonly dataset: PlannedDataset;
  /** The cells to answer, of columns that the plan lets read. */
  readonly columns: readonly ColumnDefinition[];
  readonly filter: Predicate;
  /** The id comes last of itself, so that the order is total. */
  readonly order: readonly OrderKey[];
}

/** What one statement fetches at most: rows, of which the first are few, and bytes as far as the rows before tell. */
const BATCH = { first: 10, rows: 400, bytes: 1024 * 1024 } as const;

/** Some rows as they were written. The bytes are lent: those of the next rows are written over them. */
export interface WrittenRows {
  readonly bytes: Buffer;
  readonly rows: number;
}

/**
 * Reads all rows as JSON objects, a batch at a time: each as `Row.values` shows it, with the cells that may not be read
 * in the row left out.
 *
 * @param framed Makes of what writes an object what writes it with all that stands around it.
 */
export function rowsAsJson(
  transaction: Transaction,
  request: ExportRequest,
  framed: (object: Write) => Write,
): AsyncGenerator<WrittenRows> {
  const { dataset, columns } = request;
  const shape: RowShape = [{ name: "values", part: { kind: "values", columns } }];
  const fields = rowFields(dataset, shape, null, 0);
  const write = framed(valuesWriter({ dataset, fields }, columns));
  return written(transaction, selected(request, fields.selected), { out: new JsonWriter(), write });
}

/**
 * Reads all rows as texts, a batch at a time: a row has a field for each column. A cell that may not be read is NULL.
 */
export function rowsAsText(
  transaction: Transaction,
  request: ExportRequest,
  write: (row: RowBytes, out: CsvWriter) => void,
): AsyncGenerator<WrittenRows> {
  const statement = selected(request, request.columns.map(cellText));
  return written(transaction, statement, { out: new CsvWriter(), write });
}

function selected(request: ExportRequest, shown: readonly Sql[]): Sql {
  return sql`SELECT ${join(shown)} FROM ${orderedRows(request)} r`;
}

/** Where rows are written, and how. */
interface RowsTo<Out extends ByteWriter> {
  readonly out: Out;
  readonly write: (row: RowBytes, out: Out) => void;
}

/**
 * Reads through a cursor: constant memory here and in the database, and each batch a statement of its own, so
 * that none runs into the deadline of statements, however many rows there are.
 */
async function* written<Out extends ByteWriter>(
  transaction: Transaction,
  statement: Sql,
  { out, write }: RowsTo<Out>,
): AsyncGenerator<WrittenRows> {
  await transaction.query(sql`DECLARE exported NO SCROLL CURSOR FOR ${statement}`);
  const row = new RowBytes();
  for (let most: number = BATCH.first; ;) {
    let rows = 0;
    out.clear();
    await transaction.readRows(sql`FETCH ${raw(String(most))} FROM exported`, (bytes, offset) => {
      row.read(bytes, offset);
      write(row, out);
      rows += 1;
    });
    if (rows === 0) break;
    yield { bytes: out.written(), rows };
    most = rowsWithin(out.length / rows);
  }
  await transaction.query(sql`CLOSE exported`);
}

/** How many rows of such a length are one batch. */
function rowsWithin(bytes: number): number {
  return Math.min(BATCH.rows, Math.max(1, Math.floor(BATCH.bytes / bytes)));
}

function orderedRows({ dataset, columns, filter, order }: ExportRequest): Sql {
  const keys = order.map(({ column }) => column);
  const sought = new Set([...columnsIn(filter), ...keys.map(({ id }) => id)]);
  const held = isVarying(dataset) ? sql`, held` : sql``;
  const cells = concat(columns.map((column) => sql`, ${cellName(column)}`));
  return sql`
    (SELECT id${held}${cells} FROM ${readableView(dataset, sought)} v
     WHERE ${predicateSql(filter, columnsById(dataset.definition))}
     ORDER BY ${orderSql(order, -1)})`;
}

/** As the database writes them, but for truths, of which it would send a letter, and moments. */
function cellText(column: ColumnDefinition): Sql {
  const cell = sql`r.${cellName(column)}`;
  if (column.type === "BOOLEAN") return sql`${cell}::text`;
  return column.type === "DATETIME" ? cellJson(column, cell) : cell;
}
