import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, type Operand, type Predicate } from "../authz/predicate.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellJson } from "./cell-json.ts";
import { cellName, operandSql, predicateSql } from "./predicate-sql.ts";
import { columnsById, type PlannedDataset, readableView } from "./readable-view.ts";
import { fromView, type Place, type Row, rowsShown, type ShownRow, shownSql } from "./shown-row.ts";
import type { Transaction } from "./transaction.ts";

/** One key of an order. */
export interface OrderKey {
  readonly column: ColumnDefinition;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** One page of the readable view of one dataset. */
export interface PageRequest {
  readonly dataset: PlannedDataset;
  /** The cells to answer, of columns that the plan lets read. */
  readonly columns: readonly ColumnDefinition[];
  readonly filter: Predicate;
  /** Only rows with these ids; null: whichever. */
  readonly ids: readonly string[] | null;
  /** The id comes last of itself, so that the order is total. */
  readonly order: readonly OrderKey[];
  readonly after: Place | null;
  readonly limit: number;
}

/**
 * Reads pages of many datasets in one statement, each in its order.
 *
 * Pages begin after a place and not after a number of rows: they stay right while rows are written, and
 * the last costs what the first costs.
 */
export async function rowPages(
  transaction: Transaction,
  requests: readonly PageRequest[],
): Promise<Row[][]> {
  const rows = await transaction.query<ShownRow & { page: number; place: Shown[] }>(
    join(
      requests.map((request, index) => sql`(${pageSql(request, index)})`),
      " UNION ALL ",
    ),
  );
  const pages: Row[][] = requests.map(() => []);
  const rowsOf = requests.map(({ dataset }) => rowsShown(dataset));
  for (const row of rows) {
    const cells = row.place.map((cell) => (typeof cell === "number" ? String(cell) : cell));
    const made = rowsOf[row.page]?.(row, { id: row.id, cells });
    if (made) pages[row.page]?.push(made);
  }
  return pages;
}

/** A cell of a place as it comes from the database. */
type Shown = Operand | number | null;

function pageSql(request: PageRequest, index: number): Sql {
  const { dataset, columns, order, limit } = request;
  return sql`
    SELECT ${raw(String(index))} AS page, ${shownSql(dataset, columns)},
           json_build_array(${keysSql(order)}) AS place
    FROM (${join(stretches(request), " UNION ALL ")}) r
    LIMIT ${limit}`;
}

function keysSql(order: readonly OrderKey[]): Sql {
  const keys = order.map(({ column }) => cellJson(column, sql`r.${cellName(column)}`));
  return keys.length > 0 ? join(keys) : sql``;
}

/**
 * The rows of a page, as stretches that follow each other and can each be read from an index.
 *
 * After a place come first those that agree with it in all keys but the id, then in all but the last key,
 * and so on. Cells without a value are a stretch of their own, so that no index needs to know where the
 * order puts them.
 */
function stretches({ dataset, columns, filter, ids, order, after, limit }: PageRequest): Sql[] {
  const named = ids === null ? sql`` : sql` AND id = ANY (${ids}::uuid[])`;
  const matches = sql`${predicateSql(filter, columnsById(dataset.definition))}${named}`;
  const keys = order.map(({ column }) => column);
  const sought = new Set([...columnsIn(filter), ...keys.map(({ id }) => id)]);
  const view = readableView(dataset, sought);
  const shown = fromView(dataset, [...new Set([...columns, ...keys])]);
  return (after ? stretchesAfter(order, after) : firstStretches(order)).map(
    ({ condition, lead }) => sql`
      (SELECT ${shown}
       FROM ${view} v WHERE ${matches} AND ${condition}
       ORDER BY ${orderSql(order, lead)} LIMIT ${limit})`,
  );
}

/** Rows that meet a condition, which leaves no choice where those without a value in a key stand. */
interface Stretch {
  readonly condition: Sql;
  /** The place of the last key that the condition is about. */
  readonly lead: number;
}

function firstStretches(order: readonly OrderKey[]): Stretch[] {
  const [first] = order;
  if (!first) return [{ condition: sql`true`, lead: 0 }];
  const name = cellName(first.column);
  const [nulls, values] = [sql`${name} IS NULL`, sql`${name} IS NOT NULL`];
  return inOrder(first, nulls, values).map((condition) => ({ condition, lead: 0 }));
}

function stretchesAfter(order: readonly OrderKey[], { cells, id }: Place): Stretch[] {
  const within = (keys: number) =>
    order.slice(0, keys).map((key, index) => equalTo(key, cells[index] ?? null));
  const byId = sql`id ${raw(isIdDescending(order) ? "<" : ">")} ${id}::uuid`;
  const later = order.map((key, lead) =>
    beyond(key, cells[lead] ?? null).map((next) => ({
      condition: all([...within(lead), next]),
      lead,
    })),
  );
  return [
    { condition: all([...within(order.length), byId]), lead: order.length },
    ...later.toReversed().flat(),
  ];
}

/** What lies beyond a cell in the direction of a key: other values, and cells without one. */
function beyond(key: OrderKey, cell: Operand | null): Sql[] {
  const name = cellName(key.column);
  if (cell === null) return key.nullsFirst ? [sql`${name} IS NOT NULL`] : [];
  const operand = operandSql(cell, key.column);
  const values = sql`${name} ${raw(key.descending ? "<" : ">")} ${operand}`;
  return key.nullsFirst ? [values] : [values, sql`${name} IS NULL`];
}

function inOrder({ nullsFirst }: OrderKey, nulls: Sql, values: Sql): Sql[] {
  return nullsFirst ? [nulls, values] : [values, nulls];
}

/**
 * The order within a stretch: up to its lead nothing is said of NULLs, as an index has it. With a lead of -1 it
 * is the order of all rows.
 */
export function orderSql(order: readonly OrderKey[], lead: number): Sql {
  const keys = order.map(({ column, descending, nullsFirst }, index) => {
    const nulls = index > lead ? ` NULLS ${nullsFirst ? "FIRST" : "LAST"}` : "";
    return sql`${cellName(column)} ${raw(direction(descending) + nulls)}`;
  });
  return join([...keys, sql`id ${raw(direction(isIdDescending(order)))}`]);
}

/** The id runs with the last key, so that one index serves both, forwards and backwards. */
function isIdDescending(order: readonly OrderKey[]): boolean {
  return order.at(-1)?.descending ?? false;
}

function direction(descending: boolean): string {
  return descending ? "DESC" : "ASC";
}

function equalTo({ column }: OrderKey, cell: Operand | null): Sql {
  const name = cellName(column);
  return cell === null ? sql`${name} IS NULL` : sql`${name} = ${operandSql(cell, column)}`;
}

function all(conditions: readonly Sql[]): Sql {
  return join(conditions, " AND ");
}
