import fc from "fast-check";
import { anOperand } from "./drawn-cells.ts";
import { ATTRIBUTES } from "./drawn-user.ts";
import type { Cell, Column, ColumnType, Dataset, Filter } from "./model.ts";

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

/** The variables that drawn row filters name. A key has a value for the first alone, and nobody for the last. */
export const VARIABLES: readonly string[] = [
  "$now",
  "$user.id",
  "$user.email",
  "$client.id",
  ...ATTRIBUTES.map(({ name }) => `$user.${name}`),
  "$user.unheard_of",
];

/** A filter over some of the columns, with every operator that their types have. */
export function aFilter(
  dataset: Dataset,
  { depth, variables }: FilterDrawing,
): fc.Arbitrary<Filter> {
  const comparison = fc
    .constantFrom(...dataset.columns)
    .chain((column) => aComparison(column, operandOf(dataset, column, variables)));
  if (depth === 0) return comparison;
  const part = aFilter(dataset, { depth: depth - 1, variables });
  const parts = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 9, arbitrary: fc.array(part, { minLength: 2, maxLength: 3 }) },
  );
  return fc.oneof(
    { weight: 4, arbitrary: comparison },
    { weight: 1, arbitrary: parts.map((and) => ({ and })) },
    { weight: 1, arbitrary: parts.map((or) => ({ or })) },
    { weight: 2, arbitrary: part.map((not) => ({ not })) },
  );
}

function aComparison(
  { name: column, type }: Column,
  operand: fc.Arbitrary<Cell>,
): fc.Arbitrary<Filter> {
  const isNull = fc.boolean().map((drawn): Filter => ({ column, isNull: drawn }));
  if (type === "JSON") return isNull;
  const operator = fc.constantFrom("eq", "eq", "eq", "ne", "ne", "lt", "le", "gt", "ge");
  const compared = fc
    .tuple(operator, operand)
    .map(([drawn, value]): Filter => ({ column, [drawn]: value }));
  const listed = fc
    .array(operand, { maxLength: 3 })
    .map((values): Filter => ({ column, in: values }));
  const common = [
    { weight: 7, arbitrary: compared },
    { weight: 2, arbitrary: listed },
    { weight: 1, arbitrary: isNull },
  ];
  if (type !== "TEXT" && type !== "SELECT") return fc.oneof(...common);
  return fc.oneof(...common, { weight: 2, arbitrary: aTextComparison(column, operand) });
}

/**
 * The filter of a role: now and then one that would hold on many rows, did it not name a variable.
 * Otherwise a filter like any other.
 */
export function aRowFilter(dataset: Dataset, variables: readonly string[]): fc.Arbitrary<Filter> {
  const filter = aFilter(dataset, { depth: 3, variables });
  const text = dataset.columns.find(({ type }) => type === "TEXT");
  const named = variables.filter((name) => isFitting(name, "TEXT"));
  if (!text || named.length === 0) return filter;
  const naming = fc.constantFrom(...named).map((eq) => ({ column: text.name, eq }));
  const some = aFilter(dataset, { depth: 1, variables });
  return fc.oneof(
    { weight: 12, arbitrary: filter },
    { weight: 1, arbitrary: fc.tuple(some, naming).map((or) => ({ or })) },
    { weight: 1, arbitrary: fc.tuple(some, naming).map((and) => ({ not: { and } })) },
  );
}

function aTextComparison(column: string, operand: fc.Arbitrary<Cell>): fc.Arbitrary<Filter> {
  return fc
    .tuple(fc.constantFrom("contains", "startsWith", "endsWith"), operand)
    .map(([operator, text]): Filter => ({ column, [operator]: text }));
}

/** Often one of the values that the rows have; a variable now and then, where its value is of the type. */
function operandOf(
  dataset: Dataset,
  { name, type }: Column,
  variables: FilterDrawing["variables"],
): fc.Arbitrary<Cell> {
  const standing = dataset.rows.map(({ cells }) => cells[name] ?? null);
  const operand = fc
    .oneof(fc.constantFrom(...standing), anOperand(type))
    .chain((value) => (value === null ? anOperand(type) : fc.constant(value)));
  if (variables === null) return operand;
  const literal = operand.map((value) =>
    typeof value === "string" && value.startsWith("$") ? `$${value}` : value,
  );
  const fitting = variables.filter((one) => isFitting(one, type));
  if (fitting.length === 0) return literal;
  return fc.oneof(
    { weight: 4, arbitrary: literal },
    { weight: 1, arbitrary: fc.constantFrom(...fitting) },
  );
}

/** Whether a variable is drawn beside a column of a type: that of an attribute also where its value may be no such cell. */
function isFitting(variable: string, type: ColumnType): boolean {
  if (variable === "$now") return type === "DATETIME";
  const attribute = ATTRIBUTES.find(({ name }) => variable === `$user.${name}`);
  if (!attribute) return type === "TEXT";
  return attribute.type === type || attribute.name === "region";
}
