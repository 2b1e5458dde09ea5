import type { Caller, Cell, Dataset, Filter, Row, World } from "./model.ts";
import { columnsNamed, truthOfFilter } from "./truth-of-filter.ts";
import { asCellOf, variablesOf } from "./variables.ts";

/** Whether a role's row filter lets a row through for this caller; a role without one lets all through. */
export function letsThrough(
  filter: Filter | undefined,
  row: Row,
  { world, caller, dataset }: { world: World; caller: Caller; dataset: Dataset },
): boolean {
  if (filter === undefined) return true;
  // A filter whose column is gone matches no row.
  for (const name of columnsNamed(filter)) {
    if (!dataset.columns.some((column) => column.name === name)) return false;
  }
  const valueFor: ValueFor = (variable, name) => {
    const type = dataset.columns.find((column) => column.name === name)?.type ?? "TEXT";
    return asCellOf(type, variablesOf(world, caller)[variable] ?? null);
  };
  // One that names a variable without a value matches no row, wherever the variable stands.
  for (const { variable, column } of variablesNamed(filter)) {
    if (valueFor(variable, column) === null) return false;
  }
  const bound = withValues(filter, valueFor);
  return truthOfFilter(bound, { columns: dataset.columns, cells: row.cells }) === true;
}

/** The value of a variable beside a column; null: none. */
type ValueFor = (variable: string, column: string) => Cell;

/** The variables that a row filter names, wherever they stand in it, each with the column beside it. */
export function variablesNamed(filter: Filter): { variable: string; column: string }[] {
  if (filter.and) return filter.and.flatMap(variablesNamed);
  if (filter.or) return filter.or.flatMap(variablesNamed);
  if (filter.not) return variablesNamed(filter.not);
  const { column = "" } = filter;
  const named = operandsOf(filter).filter(isVariable).map(String);
  return named.map((variable) => ({ variable, column }));
}

const OPERATORS = [
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "contains",
  "startsWith",
  "endsWith",
] as const;

function operandsOf(filter: Filter): Cell[] {
  const operands: Cell[] = [...(filter.in ?? [])];
  for (const operator of OPERATORS) {
    const operand = filter[operator];
    if (operand !== undefined) operands.push(operand);
  }
  return operands;
}

function isVariable(operand: Cell): boolean {
  return typeof operand === "string" && operand.startsWith("$") && !operand.startsWith("$$");
}

/** The filter with values in the place of variables, and texts without the `$` that marked them as such. */
function withValues(filter: Filter, valueFor: ValueFor): Filter {
  if (filter.and) return { and: filter.and.map((part) => withValues(part, valueFor)) };
  if (filter.or) return { or: filter.or.map((part) => withValues(part, valueFor)) };
  if (filter.not) return { not: withValues(filter.not, valueFor) };
  const { column = "", isNull, in: listed, ...one } = filter;
  if (isNull !== undefined) return filter;
  if (listed) return { column, in: listed.map((operand) => valueIn(operand, column, valueFor)) };
  const [[operator, operand]] = Object.entries(one) as [[string, Cell]];
  return { column, [operator]: valueIn(operand, column, valueFor) };
}

function valueIn(operand: Cell, column: string, valueFor: ValueFor): Cell {
  if (typeof operand !== "string") return operand;
  if (operand.startsWith("$$")) return operand.slice(1);
  return operand.startsWith("$") ? valueFor(operand, column) : operand;
}
