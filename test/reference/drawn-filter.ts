import fc from "fast-check";
import { anOperand } from "./drawn-cells.ts";
import type { Cell, Column, Filter } from "./model.ts";

/** What a filter is drawn for. */
export interface FilterDrawing {
  /** How many connectives may stand in each other. */
  readonly depth: number;
  /**
   * The variables that it may name, for a row filter, in which a text that begins with `$` is written with
   * one more. Null: the filter of a query, in which `$` is a letter like others.
   */
  readonly variables: readonly string[] | null;
}

/** The variables that drawn row filters name. A key has a value for the first alone. */
export const VARIABLES = ["$now", "$user.id", "$user.email", "$user.region", "$client.id"] as const;

/** A filter over some of the columns, with every operator that their types have. */
export function aFilter(
  columns: readonly Column[],
  { depth, variables }: FilterDrawing,
): fc.Arbitrary<Filter> {
  const comparison = fc.constantFrom(...columns).chain((column) => aComparison(column, variables));
  if (depth === 0) return comparison;
  const part = aFilter(columns, { depth: depth - 1, variables });
  const parts = fc.array(part, { maxLength: 3 });
  return fc.oneof(
    { weight: 3, arbitrary: comparison },
    { weight: 1, arbitrary: parts.map((and) => ({ and })) },
    { weight: 1, arbitrary: parts.map((or) => ({ or })) },
    { weight: 2, arbitrary: part.map((not) => ({ not })) },
  );
}

function aComparison(
  { name: column, type }: Column,
  variables: FilterDrawing["variables"],
): fc.Arbitrary<Filter> {
  const isNull = fc.boolean().map((drawn): Filter => ({ column, isNull: drawn }));
  if (type === "JSON") return isNull;
  const operand = withVariables(type, variables);
  const operator = fc.constantFrom("eq", "eq", "ne", "lt", "le", "gt", "ge");
  const compared = fc
    .tuple(operator, operand)
    .map(([drawn, value]): Filter => ({ column, [drawn]: value }));
  const listed = fc
    .array(operand, { maxLength: 3 })
    .map((values): Filter => ({ column, in: values }));
  const common = [
    { weight: 5, arbitrary: compared },
    { weight: 2, arbitrary: listed },
    { weight: 2, arbitrary: isNull },
  ];
  if (type !== "TEXT" && type !== "SELECT") return fc.oneof(...common);
  return fc.oneof(...common, { weight: 2, arbitrary: aTextComparison(column, operand) });
}

function aTextComparison(column: string, operand: fc.Arbitrary<Cell>): fc.Arbitrary<Filter> {
  return fc
    .tuple(fc.constantFrom("contains", "startsWith", "endsWith"), operand)
    .map(([operator, text]): Filter => ({ column, [operator]: text }));
}

/** A variable now and then, where its value is one of the column's type. */
function withVariables(
  type: Column["type"],
  variables: FilterDrawing["variables"],
): fc.Arbitrary<Cell> {
  const operand = anOperand(type);
  if (variables === null) return operand;
  const literal = operand.map((value) =>
    typeof value === "string" && value.startsWith("$") ? `$${value}` : value,
  );
  const fitting = variables.filter((name) => type === (name === "$now" ? "DATETIME" : "TEXT"));
  if (fitting.length === 0) return literal;
  return fc.oneof(
    { weight: 5, arbitrary: literal },
    { weight: 1, arbitrary: fc.constantFrom(...fitting) },
  );
}
