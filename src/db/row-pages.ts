import sql, { join, raw, type Sql } from "sql-template-tag";
import type { Operand } from "../authz/predicate.ts";
import { cellJson } from "./cell-json.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName } from "./predicate-sql.ts";
import { type OrderKey, type RowsInOrder, stretches } from "./row-stretches.ts";
import { type Place, type Row, rowsShown, type ShownRow, shownSql } from "./shown-row.ts";
import { boundedTypes } from "./too-large-error.ts";
import type { Transaction } from "./transaction.ts";

/** One page of the readable view of one dataset, with the cells of some columns. */
export interface PageRequest extends RowsInOrder {
  /** Columns that the plan lets read. */
  readonly columns: readonly ColumnDefinition[];
}

/**
 * Reads pages of many datasets in one statement, each in its order.
 *
 * Pages begin after a place and not after a number of rows: they stay right while rows are written, and
 * the last costs what the first costs.
 *
 * @throws {TooLargeError} where they are longer than an answer may be.
 */
export async function rowPages(
  transaction: Transaction,
  requests: readonly PageRequest[],
): Promise<Row[][]> {
  const { text, values } = join(
    requests.map((request, index) => sql`(${pageSql(request, index)})`),
    " UNION ALL ",
  );
  const { rows } = await transaction.send<ShownRow & { page: number; place: ShownKey[] }>({
    text,
    values,
    types: boundedTypes(),
  });
  const pages: Row[][] = requests.map(() => []);
  const rowsOf = requests.map(({ dataset }) => rowsShown(dataset));
  for (const row of rows) {
    const made = rowsOf[row.page]?.(row, placeOf(row.id, row.place));
    if (made) pages[row.page]?.push(made);
  }
  return pages;
}

/** A cell of a place as it comes from the database. */
export type ShownKey = Operand | number | null;

/** A place, by the cells of its keys. */
export function placeOf(id: string, cells: readonly ShownKey[]): Place {
  return { id, cells: cells.map((cell) => (typeof cell === "number" ? String(cell) : cell)) };
}

function pageSql(request: PageRequest, index: number): Sql {
  const { dataset, columns, order, limit } = request;
  return sql`
    SELECT ${raw(String(index))} AS page, ${shownSql(dataset, columns)},
           ${keysSql(order)} AS place
    FROM (${join(stretches(request, columns), " UNION ALL ")}) r
    LIMIT ${limit}`;
}

/** The cells of a row `r` in the keys of an order, as a JSON array. */
function keysSql(order: readonly OrderKey[]): Sql {
  const keys = order.map(({ column }) => cellJson(column, sql`r.${cellName(column)}`));
  return sql`json_build_array(${keys.length > 0 ? join(keys) : sql``})`;
}
