import sql, { join, raw, type Sql } from "sql-template-tag";
import type { CellValue } from "../cell/cell-value.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { NATIVE_TYPES } from "./predicate-sql.ts";
import { isNative } from "./readable-view.ts";

/** The cells that a write sets, in canonical form, by column. */
export type Cells = ReadonlyMap<ColumnDefinition, CellValue>;

/** A row of a write: the cells that it sets. */
export interface IncomingRow {
  readonly id: string;
  readonly cells: Cells;
}

/** The columns that some of the rows set. */
export function columnsOf(rows: readonly { readonly cells: Cells }[]): Set<ColumnDefinition> {
  const columns = new Set<ColumnDefinition>();
  for (const { cells } of rows) {
    for (const column of cells.keys()) columns.add(column);
  }
  return columns;
}

/** Rows as a relation, and which of their table's columns they set. */
export interface Incoming {
  /** The native columns that some row sets. */
  readonly native: readonly ColumnDefinition[];
  /** Whether some row sets a column beyond them. */
  readonly hasOverflow: boolean;
  /** `r`, with the id of each row and what it sets. */
  readonly relation: Sql;
}

/** New rows: `id`, `c<slot>` and `overflow`. */
export function newRows(rows: readonly IncomingRow[]): Incoming {
  return incoming(rows, () => []);
}

/**
 * Changed rows, each of which may set other columns: in addition `s<slot>`, whether the row sets it, and `gone`,
 * what it takes out of `overflow`.
 */
export function changedRows(rows: readonly IncomingRow[]): Incoming {
  return incoming(rows, (native) => [
    ...native.map((column) => ({
      name: `s${column.slot}`,
      type: "boolean",
      values: rows.map(({ cells }) => cells.has(column)),
    })),
    { name: "gone", type: "text[]", values: rows.map(goneOf) },
  ]);
}

/** One column of a relation: what each row has in it, as text or a truth. */
interface List {
  readonly name: string;
  readonly type: string;
  readonly values: readonly (string | boolean | null)[];
}

function incoming(
  rows: readonly IncomingRow[],
  further: (native: readonly ColumnDefinition[]) => readonly List[],
): Incoming {
  const set = [...columnsOf(rows)];
  const native = set.filter(isNative);
  const hasOverflow = native.length < set.length;
  const lists = [
    { name: "id", type: "uuid", values: rows.map(({ id }) => id) },
    ...native.map((column) => cellsIn(rows, column)),
    ...(hasOverflow ? [{ name: "overflow", type: "jsonb", values: rows.map(overflowOf) }] : []),
    ...further(native),
  ];
  return { native, hasOverflow, relation: relationOf(lists) };
}

/**
 * One parameter for each column, however many rows there are: PostgreSQL reads lists in half the time that it takes
 * for an object of each row. Lists of what is itself composed it reads slowly, and so they are of text.
 */
function relationOf(lists: readonly List[]): Sql {
  const isComposed = ({ type }: List) => type === "jsonb" || type.endsWith("[]");
  const parameters = lists.map(
    (list) => sql`${listText(list.values)}::${raw(isComposed(list) ? "text" : list.type)}[]`,
  );
  const shown = lists.map((list) =>
    raw(isComposed(list) ? `${list.name}::${list.type}` : list.name),
  );
  const names = lists.map(({ name }) => raw(name));
  return sql`(SELECT ${join(shown)} FROM unnest(${join(parameters)}) AS l (${join(names)})) r`;
}

/** A list as PostgreSQL reads it. The driver writes the same, a new string for each value that it has written. */
function listText(values: List["values"]): string {
  const written = values.map((value) =>
    typeof value === "string" ? `"${value.replaceAll(/["\\]/g, "\\$&")}"` : (value ?? "NULL"),
  );
  return `{${written.join()}}`;
}

function cellsIn(rows: readonly IncomingRow[], column: ColumnDefinition): List {
  const values = rows.map(({ cells }) => {
    const cell = cells.get(column) ?? null;
    if (cell === null || typeof cell === "boolean") return cell;
    return column.type === "JSON" || typeof cell !== "string" ? JSON.stringify(cell) : cell;
  });
  return { name: `c${column.slot}`, type: NATIVE_TYPES[column.type], values };
}

/** What a row puts into `overflow`, by slot. */
function overflowOf({ cells }: IncomingRow): string {
  const put = [...cells].filter(([column, value]) => !isNative(column) && value !== null);
  return JSON.stringify(Object.fromEntries(put.map(([{ slot }, value]) => [slot, value])));
}

/** The slots that a row takes out of `overflow`, as PostgreSQL writes a list. */
function goneOf({ cells }: IncomingRow): string {
  const gone = [...cells].filter(([column, value]) => !isNative(column) && value === null);
  return `{${gone.map(([{ slot }]) => slot).join()}}`;
}
