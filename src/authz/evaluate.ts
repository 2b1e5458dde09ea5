/**
 * The decision about a row in hand: what `db/predicate-sql` has the database say of stored ones.
 *
 * @module
 */

import { columnsIn, type Comparison, type Operand, type Predicate } from "./predicate.ts";

/** The true cells of a row by column, in canonical form; null is no value. */
export type RowInHand = ReadonlyMap<string, Operand | null>;

/** Negative, zero or positive, as one operand of a column is less than, equal to or greater than another. */
export type Compare = (columnId: string, one: Operand, other: Operand) => number;

/**
 * Whether a predicate holds on a row. One that names a column which the row does not have holds on none,
 * wherever in it the column stands, also under `not`.
 */
export function holds(predicate: Predicate, row: RowInHand, compare: Compare): boolean {
  return (
    columnsIn(predicate).every((id) => row.has(id)) && truthOf(predicate, row, compare) === true
  );
}

/** Null is unknown, as in SQL. */
type Truth = boolean | null;

function truthOf(predicate: Predicate, row: RowInHand, compare: Compare): Truth {
  switch (predicate.kind) {
    case "all":
      return conjunction(predicate.of.map((part) => truthOf(part, row, compare)));
    case "any":
      return negation(
        conjunction(predicate.of.map((part) => negation(truthOf(part, row, compare)))),
      );
    case "not":
      return negation(truthOf(predicate.of, row, compare));
    default:
      return leafTruth(predicate, row.get(predicate.columnId) ?? null, compare);
  }
}

function conjunction(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

function negation(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

type Leaf = Extract<Predicate, { readonly columnId: string }>;

function leafTruth(leaf: Leaf, cell: Operand | null, compare: Compare): Truth {
  if (leaf.kind === "isNull") return (cell === null) === leaf.is;
  if (leaf.kind === "in" && leaf.operands.length === 0) return false;
  if (cell === null) return null;
  if (leaf.kind === "in") {
    return leaf.operands.some((operand) => compare(leaf.columnId, cell, operand) === 0);
  }
  return COMPARISONS[leaf.by](cell, leaf.operand, () => compare(leaf.columnId, cell, leaf.operand));
}

type Judge = (cell: Operand, operand: Operand, order: () => number) => boolean;

const COMPARISONS: Readonly<Record<Comparison, Judge>> = {
  eq: (_cell, _operand, order) => order() === 0,
  ne: (_cell, _operand, order) => order() !== 0,
  lt: (_cell, _operand, order) => order() < 0,
  le: (_cell, _operand, order) => order() <= 0,
  gt: (_cell, _operand, order) => order() > 0,
  ge: (_cell, _operand, order) => order() >= 0,
  contains: (cell, operand) => String(cell).includes(String(operand)),
  startsWith: (cell, operand) => String(cell).startsWith(String(operand)),
  endsWith: (cell, operand) => String(cell).endsWith(String(operand)),
};
