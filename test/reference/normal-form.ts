import type { Cell, ColumnType, Dataset, Filter } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";

/** The parts of a filter that all have to hold, each as text in normal form. */
export function conjuncts(filter: Filter, dataset: Dataset): string[] {
  if (filter.and) return filter.and.flatMap((part) => conjuncts(part, dataset));
  return [normalForm(filter, dataset)];
}

/**
 * A filter as text, by which two are the very same: operands are in the form in which cells are stored, and
 * an `and` within an `and` is part of it.
 */
export function normalForm(filter: Filter, dataset: Dataset): string {
  if (filter.and) return `and(${conjuncts(filter, dataset).join(",")})`;
  if (filter.or) return `or(${filter.or.map((part) => normalForm(part, dataset)).join(",")})`;
  if (filter.not) return `not(${normalForm(filter.not, dataset)})`;
  const { column: name = "", ...comparison } = filter;
  const type = dataset.columns.find((column) => column.name === name)?.type ?? "TEXT";
  const [[operator, operand]] = Object.entries(comparison) as [[string, Cell]];
  const operands: readonly Cell[] = Array.isArray(operand) ? operand : [operand];
  return `${name} ${operator} ${JSON.stringify(operands.map((one) => canonical(type, one)))}`;
}

function canonical(type: ColumnType, operand: Cell): Cell {
  if (typeof operand === "boolean") return operand;
  const text = textOfCell(operand).normalize("NFC");
  if (text.startsWith("$")) return text;
  return type === "DATETIME" ? new Date(text).toISOString() : text;
}
