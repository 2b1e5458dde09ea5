/**
 * Row filters as the database keeps them. A policy that is no policy gives nothing.
 *
 * @module
 */

import { type Action, ACTIONS } from "./action.ts";
import { type Comparison, NO_ROW, type RowFilter } from "./predicate.ts";

/** How deep the parts of a stored filter may lie in each other; none that is written is as deep. */
const DEEPEST = 32;

const COMPARISONS: Readonly<Record<Comparison, true>> = {
  eq: true,
  ne: true,
  lt: true,
  le: true,
  gt: true,
  ge: true,
  contains: true,
  startsWith: true,
  endsWith: true,
};

/**
 * What is stored as the row filters of a grant, by action; null: none.
 *
 * Total: an action whose filter is no filter is given on no row, and where it cannot be told which actions
 * are filtered, none is given on any.
 */
export function storedFilters(stored: unknown): Readonly<Partial<Record<Action, RowFilter>>> {
  if (stored === null || stored === undefined) return {};
  const isTold = isRecord(stored) && Object.keys(stored).every((name) => isAction(name));
  if (!isTold) return Object.fromEntries(ACTIONS.map((action) => [action, NO_ROW]));
  const filters = Object.entries(stored).map(
    ([action, filter]) => [action, isRowFilter(filter, 0) ? filter : NO_ROW] as const,
  );
  return Object.fromEntries(filters);
}

function isAction(name: string): boolean {
  return ACTIONS.some((action) => action === name);
}

function isRowFilter(part: unknown, depth: number): part is RowFilter {
  if (!isRecord(part) || depth > DEEPEST) return false;
  const { kind, of } = part;
  const isInner = (inner: unknown) => isRowFilter(inner, depth + 1);
  if (kind === "all" || kind === "any") return Array.isArray(of) && of.every(isInner);
  return kind === "not" ? isInner(of) : isLeaf(part);
}

function isLeaf({ kind, columnId, is, by, operand, operands }: Fields): boolean {
  if (typeof columnId !== "string") return false;
  if (kind === "isNull") return typeof is === "boolean";
  if (kind === "in") return Array.isArray(operands) && operands.every(isOperand);
  if (kind !== "compare" || typeof by !== "string") return false;
  return Object.hasOwn(COMPARISONS, by) && isOperand(operand);
}

function isOperand(operand: unknown): boolean {
  if (isRecord(operand)) return typeof operand["variable"] === "string";
  return typeof operand === "string" || typeof operand === "boolean";
}

/** What an object could have of a filter. */
type Fields = Readonly<
  Partial<
    Record<"kind" | "of" | "columnId" | "is" | "by" | "operand" | "operands" | "variable", unknown>
  >
>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
