import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, type Operand, type Predicate } from "../authz/predicate.ts";
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
 * After a place come first those that agree with it in all keys but the id, then in all but the last key,
 * and so on. Cells without a value are a stretch of their own, so that no index needs to know where the
 * order puts them.
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
