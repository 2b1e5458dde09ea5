import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, type Predicate } from "../authz/predicate.ts";
import { cellJson } from "./cell-json.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName, concat, predicateSql } from "./predicate-sql.ts";
import {
  columnsById,
  heldBy,
  isVarying,
  type PlannedDataset,
  readableView,
} from "./readable-view.ts";
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

/** What one statement fetches at most: rows, and bytes as far as the rows before tell. */
const BATCH = { rows: 100, bytes: 1024 * 1024 } as const;

/**
 * Reads all rows as JSON objects, a batch at a time: each the text of one, as `Row.values` shows it, with the
 * cells that may not be read in a row left out.
 */
export async function* rowsAsJson(
  transaction: Transaction,
  request: ExportRequest,
): AsyncGenerator<readonly string[]> {
  const batches = fetched(transaction, request, [objectSql(request)]);
  for await (const batch of batches) yield batch.map(([object]) => object ?? "");
}

/** Reads all rows as texts, one for each column, a batch at a time. A cell that may not be read is null. */
export function rowsAsText(
  transaction: Transaction,
  request: ExportRequest,
): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  return fetched(transaction, request, request.columns.map(cellText));
}

/**
 * Reads through a cursor: constant memory here and in the database, and each batch a statement of its own, so
 * that none runs into the deadline of statements, however many rows there are.
 */
async function* fetched(
  transaction: Transaction,
  request: ExportRequest,
  shown: readonly Sql[],
): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  await transaction.query(sql`
    DECLARE exported NO SCROLL CURSOR FOR SELECT ${join(shown)} FROM ${orderedRows(request)} r`);
  let most: number = BATCH.rows;
  for (;;) {
    const text = `FETCH ${most} FROM exported`;
    const { rows } = await transaction.send({ text, rowMode: "array" } as { text: string });
    const batch = rows as unknown as (string | null)[][];
    if (batch.length === 0) break;
    yield batch;
    most = rowsWithin(batch);
  }
  await transaction.query(sql`CLOSE exported`);
}

/** How many rows like these are one batch. */
function rowsWithin(batch: readonly (readonly (string | null)[])[]): number {
  const characters = batch.flat().reduce((sum, cell) => sum + (cell?.length ?? 0), 1);
  const rows = Math.floor((BATCH.bytes * batch.length) / characters);
  return Math.min(BATCH.rows, Math.max(1, rows));
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

/** A row as one JSON object: no function takes so many arguments as a row may have cells, but an array does. */
function objectSql({ dataset, columns }: ExportRequest): Sql {
  const pairs = columns.map((column) => {
    const json = sql`to_json(${cellJson(column, sql`r.${cellName(column)}`)})::text`;
    const pair = sql`${raw(`'"${column.name}":'`)} || coalesce(${json}, 'null')`;
    const by = heldBy(dataset, column.id);
    return by === null ? pair : sql`CASE WHEN ${anyHeld(by)} THEN ${pair} END`;
  });
  return sql`'{' || array_to_string(ARRAY[${join(pairs)}]::text[], ',') || '}'`;
}

/** Whether one of the truths holds that the view says of a row `r`. */
function anyHeld(places: readonly number[]): Sql {
  const held = places.map((place) => sql`r.held[${raw(String(place + 1))}]`);
  return join(held, " OR ");
}

function cellText(column: ColumnDefinition): Sql {
  const cell = sql`r.${cellName(column)}`;
  return column.type === "DATETIME" ? cellJson(column, cell) : sql`${cell}::text`;
}
