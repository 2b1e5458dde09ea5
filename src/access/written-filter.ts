import type { Operand, RowFilter, Variable } from "../authz/predicate.ts";
import { type RowFilterInput, SIGN } from "./row-filter.ts";

/**
 * A row filter as `setGrant` takes it.
 *
 * @param nameOf The name of a column by its id.
 */
export function writtenFilter(
  filter: RowFilter,
  nameOf: (columnId: string) => string,
): RowFilterInput {
  const written = (part: RowFilter) => writtenFilter(part, nameOf);
  switch (filter.kind) {
    case "all":
      return { and: filter.of.map(written) };
    case "any":
      return { or: filter.of.map(written) };
    case "not":
      return { not: written(filter.of) };
    case "isNull":
      return { column: nameOf(filter.columnId), isNull: filter.is };
    case "in":
      return { column: nameOf(filter.columnId), in: filter.operands.map(writtenOperand) };
    case "compare":
      return { column: nameOf(filter.columnId), [filter.by]: writtenOperand(filter.operand) };
  }
}

function writtenOperand(operand: Operand | Variable): string | boolean {
  if (typeof operand === "object") return `${SIGN}${operand.variable}`;
  return typeof operand === "string" && operand.startsWith(SIGN) ? `${SIGN}${operand}` : operand;
}
