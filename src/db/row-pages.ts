import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, type Operand, type Predicate } from "../authz/predicate.ts";
import type { CellValue } from "../cell/cell-value.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellJson } from "./cell-json.ts";
import { cellName, concat, operandSql, predicateSql } from "./predicate-sql.ts";
import {
  columnsById,
  isVarying,
  type PlannedDataset,
  readableView,
  unreadableIn,
} from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** One key of an order. */
export interface OrderKey {
  readonly column: ColumnDefinition;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** The place of a row in an order: its cells there, and its id. */
export interface Place {
  readonly cells: readonly (Operand | null)[];
  readonly id: string;
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

/** A row of a readable view. */
export interface Row {
  readonly id: string;
  readonly version: number;
  /** As PostgreSQL writes it: a Date for each row of a large page would be made in vain. */
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** By column name, as the API shows them; one that may not be read in this row is absent. */
  readonly cells: Readonly<Record<string, CellValue>>;
  readonly place: Place;
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
  const rows = await transaction.query<PageRow>(
    join(
      requests.map((request, index) => sql`(${pageSql(request, index)})`),
      " UNION ALL ",
    ),
  );
  const pages: Row[][] = requests.map(() => []);
  const unreadable = requests.map(({ dataset }) => unreadableIn(dataset));
  for (const row of rows) {
    const hidden = row.held === null ? [] : (unreadable[row.page]?.(row.held) ?? []);
    pages[row.page]?.push(rowOf(row, hidden));
  }
  return pages;
}

interface PageRow {
  readonly page: number;
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly updated_at: string;
  readonly updated_by: string;
  readonly cells: Record<string, CellValue>;
  readonly held: readonly boolean[] | null;
  readonly place: (Operand | number | null)[];
}

function rowOf(row: PageRow, hidden: readonly ColumnDefinition[]): Row {
  for (const { name } of hidden) delete row.cells[name];
  return {
    id: row.id,
    version: row.version,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    cells: row.cells,
    place: {
      cells: row.place.map((cell) => (typeof cell === "number" ? String(cell) : cell)),
      id: row.id,
    },
  };
}

function pageSql(request: PageRequest, index: number): Sql {
  const { columns, order, limit } = request;
  return sql`
    SELECT ${raw(String(index))} AS page, r.id, r.version, r.created_at::text, r.created_by,
           r.updated_at::text, r.updated_by, ${heldSql(request)} AS held, ${cellsSql(columns)} AS cells,
           json_build_array(${keysSql(order)}) AS place
    FROM (${join(stretches(request), " UNION ALL ")}) r
    LIMIT ${limit}`;
}

/** Which predicates hold on the row; null where all rows of the view are alike. */
function heldSql({ dataset }: PageRequest): Sql {
  return isVarying(dataset) ? sql`r.held` : sql`NULL::boolean[]`;
}

function keysSql(order: readonly OrderKey[]): Sql {
  const keys = order.map(({ column }) => cellJson(column, sql`r.${cellName(column)}`));
  return keys.length > 0 ? join(keys) : sql``;
}

/** The cells of a row as one JSON object, in the order of the columns. */
function cellsSql(columns: readonly ColumnDefinition[]): Sql {
  if (columns.length === 0) return sql`'{}'::json`;
  const cells = columns.map(
    (column) => sql`${cellJson(column, sql`r.${cellName(column)}`)} AS ${raw(`"${column.name}"`)}`,
  );
  return sql`(SELECT row_to_json(cells) FROM (SELECT ${join(cells)}) cells)`;
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
  const cells = concat(
    [...new Set([...columns, ...keys])].map((column) => sql`, ${cellName(column)}`),
  );
  const view = readableView(dataset, sought);
  const held = isVarying(dataset) ? sql`, held` : sql``;
  return (after ? stretchesAfter(order, after) : firstStretches(order)).map(
    ({ condition, lead }) => sql`
      (SELECT id, version, created_at, created_by, updated_at, updated_by${held}${cells}
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

/** The order within a stretch: up to its lead nothing is said of NULLs, as an index has it. */
function orderSql(order: readonly OrderKey[], lead: number): Sql {
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
