import sql, { join, raw, type Sql } from "sql-template-tag";
import type { Operand, Predicate } from "../authz/predicate.ts";
import type { CellValue } from "../cell/cell-value.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName, operandSql, predicateSql } from "./predicate-sql.ts";
import { columnsById, type PlannedDataset, readableView } from "./readable-view.ts";
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
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  /** By column name, as the API shows them. */
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
  for (const row of rows) pages[row.page]?.push(rowOf(row));
  return pages;
}

interface PageRow {
  readonly page: number;
  readonly id: string;
  readonly version: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly cells: Record<string, CellValue>;
  readonly place: (Operand | number | null)[];
}

function rowOf(row: PageRow): Row {
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
    SELECT ${raw(String(index))} AS page, r.id, r.version, r.created_at, r.created_by, r.updated_at,
           r.updated_by, ${cellsSql(columns)} AS cells,
           json_build_array(${keysSql(order)}) AS place
    FROM (${join(stretches(request), " UNION ALL ")}) r
    LIMIT ${limit}`;
}

function keysSql(order: readonly OrderKey[]): Sql {
  const keys = order.map(({ column }) => cellJson(column));
  return keys.length > 0 ? join(keys) : sql``;
}

/** The cells of a row as one JSON object, in the order of the columns. */
export function cellsSql(columns: readonly ColumnDefinition[]): Sql {
  if (columns.length === 0) return sql`'{}'::json`;
  const cells = columns.map((column) => sql`${cellJson(column)} AS ${raw(`"${column.name}"`)}`);
  return sql`(SELECT row_to_json(cells) FROM (SELECT ${join(cells)}) cells)`;
}

/** A cell as the API shows it: decimals, and integers that a double does not hold, as strings. */
function cellJson(column: ColumnDefinition): Sql {
  const cell = sql`r.${cellName(column)}`;
  switch (column.type) {
    case "DECIMAL":
      return sql`${cell}::text`;
    case "INTEGER":
      return sql`CASE WHEN ${cell} BETWEEN -9007199254740991 AND 9007199254740991
                      THEN to_json(${cell}) ELSE to_json(${cell}::text) END`;
    case "DATETIME":
      return sql`to_char(${cell} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    default:
      return cell;
  }
}

/**
 * The rows after a place, as stretches that follow each other and can each be read from an index: first
 * those that agree with the place in all keys but the id, then in all but the last key, and so on.
 */
function stretches({ dataset, filter, ids, order, after, limit }: PageRequest): Sql[] {
  const named = ids === null ? sql`` : sql` AND id = ANY (${ids}::uuid[])`;
  const matches = sql`${predicateSql(filter, columnsById(dataset.definition))}${named}`;
  const view = readableView(dataset);
  const stretch = (condition: Sql) => sql`
    (SELECT * FROM ${view} v WHERE ${matches} AND ${condition}
     ORDER BY ${orderSql(order)} LIMIT ${limit})`;
  if (!after) return [stretch(sql`true`)];
  const byId = sql`id ${raw(isIdDescending(order) ? "<" : ">")} ${after.id}::uuid`;
  const within = (keys: number) =>
    order.slice(0, keys).map((key, index) => equalTo(key, after.cells[index] ?? null));
  const later = order.flatMap((key, index) =>
    beyond(key, after.cells[index] ?? null).map((next) => all([...within(index), next])),
  );
  return [stretch(all([...within(order.length), byId])), ...later.toReversed().map(stretch)];
}

function orderSql(order: readonly OrderKey[]): Sql {
  const keys = order.map(
    ({ column, descending, nullsFirst }) =>
      sql`${cellName(column)} ${raw(`${direction(descending)} NULLS ${nullsFirst ? "FIRST" : "LAST"}`)}`,
  );
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

/** What lies beyond a cell in the direction of a key: other values, and NULLs; in reverse order. */
function beyond({ column, descending, nullsFirst }: OrderKey, cell: Operand | null): Sql[] {
  const name = cellName(column);
  if (cell === null) return nullsFirst ? [sql`${name} IS NOT NULL`] : [];
  const values = sql`${name} ${raw(descending ? "<" : ">")} ${operandSql(cell, column)}`;
  return nullsFirst ? [values] : [sql`${name} IS NULL`, values];
}

function all(conditions: readonly Sql[]): Sql {
  return join(conditions, " AND ");
}
