import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, type Comparison, type Operand, type Predicate } from "../authz/predicate.ts";
import type { ColumnType } from "../cell/column-type.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";

/** The PostgreSQL type of a column type's cells; text is compared by code point. */
export const NATIVE_TYPES: Readonly<Record<ColumnType, string>> = {
  TEXT: "text",
  SELECT: "text",
  INTEGER: "bigint",
  DECIMAL: "numeric",
  BOOLEAN: "boolean",
  DATE: "date",
  DATETIME: "timestamptz",
  JSON: "jsonb",
};

/** Finds a column by its id. */
export type ColumnsById = ReadonlyMap<string, ColumnDefinition>;

/**
 * The SQL of a predicate over rows that carry their cells as `c<slot>`.
 *
 * A predicate whose column is gone holds on no row, wherever in it the column stands, also under `not`.
 */
export function predicateSql(predicate: Predicate, columns: ColumnsById): Sql {
  const isWhole = columnsIn(predicate).every((id) => columns.has(id));
  return isWhole ? sqlOf(predicate, columns) : sql`false`;
}

/** The SQL of "one of these holds". None: no row. */
export function anySql(predicates: readonly Predicate[], columns: ColumnsById): Sql {
  return disjunction(predicates.map((predicate) => predicateSql(predicate, columns)));
}

function sqlOf(predicate: Predicate, columns: ColumnsById): Sql {
  switch (predicate.kind) {
    case "all":
      return conjunction(predicate.of.map((part) => sqlOf(part, columns)));
    case "any":
      return disjunction(predicate.of.map((part) => sqlOf(part, columns)));
    case "not":
      return sql`(NOT ${sqlOf(predicate.of, columns)})`;
    default:
      return leafSql(predicate, columns.get(predicate.columnId));
  }
}

type Leaf = Extract<Predicate, { readonly columnId: string }>;

function leafSql(leaf: Leaf, column: ColumnDefinition | undefined): Sql {
  if (!column) return sql`false`;
  const cell = cellName(column);
  switch (leaf.kind) {
    case "isNull":
      return leaf.is ? sql`(${cell} IS NULL)` : sql`(${cell} IS NOT NULL)`;
    case "in":
      return sql`(${cell} = ANY (${leaf.operands}::${raw(NATIVE_TYPES[column.type])}[]))`;
    case "compare":
      return sql`(${COMPARISONS[leaf.by](cell, operandSql(leaf.operand, column))})`;
  }
}

const COMPARISONS: Readonly<Record<Comparison, (cell: Sql, operand: Sql) => Sql>> = {
  eq: (cell, operand) => sql`${cell} = ${operand}`,
  ne: (cell, operand) => sql`${cell} <> ${operand}`,
  lt: (cell, operand) => sql`${cell} < ${operand}`,
  le: (cell, operand) => sql`${cell} <= ${operand}`,
  gt: (cell, operand) => sql`${cell} > ${operand}`,
  ge: (cell, operand) => sql`${cell} >= ${operand}`,
  contains: (cell, operand) => sql`position(${operand} IN ${cell}) > 0`,
  startsWith: (cell, operand) => sql`starts_with(${cell}, ${operand})`,
  endsWith: (cell, operand) => sql`right(${cell}, length(${operand})) = ${operand}`,
};

/** A canonical operand, typed as the column's cells are. */
export function operandSql(operand: Operand, { type }: ColumnDefinition): Sql {
  return sql`${operand}::${raw(NATIVE_TYPES[type])}`;
}

/** The name of a column's cells in the view of its dataset. */
export function cellName({ slot }: ColumnDefinition): Sql {
  return raw(`c${slot}`);
}

function conjunction(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql`true` : sql`(${join(parts, " AND ")})`;
}

function disjunction(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql`false` : sql`(${join(parts, " OR ")})`;
}

/** Parts of a statement, one after the other; none is nothing. */
export function concat(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql`` : join(parts, "");
}
