import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, needsValue, type Operand, type Predicate } from "../authz/predicate.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName, operandSql, predicateSql } from "./predicate-sql.ts";
import { columnsById, type PlannedDataset, readableView } from "./readable-view.ts";
import { fromView, type Place } from "./shown-row.ts";

/** One key of an order. */
export interface OrderKey {
  readonly column: ColumnDefinition;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** The first rows of the readable view of one dataset after a place in an order. */
export interface RowsInOrder {
  readonly dataset: PlannedDataset;
  readonly filter: Predicate;
  /** Only rows with these ids; null: whichever. */
  readonly ids: readonly string[] | null;
  /** The id comes last of itself, so that the order is total. */
  readonly order: readonly OrderKey[];
  readonly after: Place | null;
  readonly limit: number;
}

/**
 * The rows of a page, as stretches that follow each other and can each be read from an index.
 *
 * After a place come first those that agree with it in all keys but the last, of which the id decides, then in all but
 * the last two, and so on. Cells without a value are a stretch of their own, so that no index needs to know where the
 * order puts them; where the filter leaves none, there is no such stretch. Each takes as long to plan as to read.
 *
 * @param columns The columns whose cells are shown.
 */
export function stretches(
  { dataset, filter, ids, order, after, limit }: RowsInOrder,
  columns: readonly ColumnDefinition[],
): Sql[] {
  const named = ids === null ? sql`` : sql` AND id = ANY (${ids}::uuid[])`;
  const matches = sql`${predicateSql(filter, columnsById(dataset.definition))}${named}`;
  const keys = order.map(({ column }) => column);
  const sought = new Set([...columnsIn(filter), ...keys.map(({ id }) => id)]);
  const view = readableView(dataset, sought);
  const shown = fromView(dataset, [...new Set([...columns, ...keys])]);
  const split = order.map((key) => ({ ...key, hasNulls: !needsValue(filter, key.column.id) }));
  return (after ? stretchesAfter(split, after) : firstStretches(split)).map(
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

/** A key of an order, and whether the filter leaves rows without a value in it. */
interface SplitKey extends OrderKey {
  readonly hasNulls: boolean;
}

function firstStretches(order: readonly SplitKey[]): Stretch[] {
  const [first] = order;
  if (!first) return [{ condition: sql`true`, lead: 0 }];
  const name = cellName(first.column);
  const values = sql`${name} IS NOT NULL`;
  const nulls = first.hasNulls ? [sql`${name} IS NULL`] : [];
  const conditions = first.nullsFirst ? [...nulls, values] : [values, ...nulls];
  return conditions.map((condition) => ({ condition, lead: 0 }));
}

function stretchesAfter(order: readonly SplitKey[], { cells, id }: Place): Stretch[] {
  const within = (keys: number) =>
    order.slice(0, keys).map((key, index) => equalTo(key, cells[index] ?? null));
  const [last] = cells.slice(-1);
  const byId = sql`id ${raw(isIdDescending(order) ? "<" : ">")} ${id}::uuid`;
  const agreeing = { condition: all([...within(order.length), byId]), lead: order.length };
  const later = order.map((key, lead) =>
    beyond(key, cells[lead] ?? null, lead === order.length - 1 ? id : null).map((next) => ({
      condition: all([...within(lead), next]),
      lead,
    })),
  );
  return [...((last ?? null) === null ? [agreeing] : []), ...later.toReversed().flat()];
}

/**
 * What lies beyond a cell in the direction of a key: other values, and cells without one.
 *
 * @param id Of the last key: rows that agree in it follow by their ids.
 */
function beyond(key: SplitKey, cell: Operand | null, id: string | null): Sql[] {
  const name = cellName(key.column);
  if (cell === null) return key.nullsFirst ? [sql`${name} IS NOT NULL`] : [];
  const operand = operandSql(cell, key.column);
  const isBeyond = raw(key.descending ? "<" : ">");
  const values =
    id === null
      ? sql`${name} ${isBeyond} ${operand}`
      : sql`(${name}, id) ${isBeyond} (${operand}, ${id}::uuid)`;
  return key.nullsFirst || !key.hasNulls ? [values] : [values, sql`${name} IS NULL`];
}

/**
 * The order within a stretch: up to its lead nothing is said of NULLs, as an index has it. With a lead of -1 it is the
 * order of all rows.
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
