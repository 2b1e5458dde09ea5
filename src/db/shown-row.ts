import sql, { join, raw, type Sql } from "sql-template-tag";
import type { Operand } from "../authz/predicate.ts";
import type { CellValue } from "../cell/cell-value.ts";
import { cellJson } from "./cell-json.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName, concat } from "./predicate-sql.ts";
import { isVarying, type PlannedDataset, unreadableIn } from "./readable-view.ts";

/** The place of a row in an order: its cells there, and its id. */
export interface Place {
  readonly cells: readonly (Operand | null)[];
  readonly id: string;
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
  /** The ids of columns and links that may not be read in this row although they may in others. */
  readonly hidden: readonly string[];
  readonly place: Place;
}

/** A row as a statement that selects {@link shownSql} answers it. */
export interface ShownRow {
  readonly id: string;
  readonly version: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly updated_at: string;
  readonly updated_by: string;
  readonly held: readonly boolean[] | null;
  readonly cells: Record<string, CellValue>;
}

/** What a statement takes from a readable view to show some columns of a row. */
export function fromView(dataset: PlannedDataset, columns: readonly ColumnDefinition[]): Sql {
  const held = isVarying(dataset) ? sql`, held` : sql``;
  const cells = concat(columns.map((column) => sql`, ${cellName(column)}`));
  return sql`id, version, created_at, created_by, updated_at, updated_by${held}${cells}`;
}

/** What a statement selects of such a row `r`. */
export function shownSql(dataset: PlannedDataset, columns: readonly ColumnDefinition[]): Sql {
  const held = isVarying(dataset) ? sql`r.held` : sql`NULL::boolean[]`;
  return sql`r.id, r.version, r.created_at::text, r.created_by, r.updated_at::text, r.updated_by,
             ${held} AS held, ${cellsSql(columns)} AS cells`;
}

/** The cells of a row as one JSON object, in the order of the columns. */
function cellsSql(columns: readonly ColumnDefinition[]): Sql {
  if (columns.length === 0) return sql`'{}'::json`;
  const cells = columns.map(
    (column) => sql`${cellJson(column, sql`r.${cellName(column)}`)} AS ${raw(`"${column.name}"`)}`,
  );
  return sql`(SELECT row_to_json(cells) FROM (SELECT ${join(cells)}) cells)`;
}

/** Makes rows of what a statement answers of a view: what may not be read in a row is taken out of it. */
export function rowsShown(dataset: PlannedDataset): (row: ShownRow, place: Place) => Row {
  const unreadable = unreadableIn(dataset);
  return (row, place) => {
    const hidden = row.held === null ? [] : unreadable(row.held);
    for (const { name } of hidden) delete row.cells[name];
    return {
      id: row.id,
      version: row.version,
      createdAt: row.created_at,
      createdBy: row.created_by,
      updatedAt: row.updated_at,
      updatedBy: row.updated_by,
      cells: row.cells,
      hidden: hidden.map(({ id }) => id),
      place,
    };
  };
}
