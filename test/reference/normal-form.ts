import type { Cell, ColumnType, Dataset, Filter } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";

/** The parts of a filter that all have to hold. An `or` of one thing is that thing. */
export function conjuncts(filter: Filter): Filter[] {
  if (filter.and) return filter.and.flatMap(conjuncts);
  const [only, ...others] = filter.or ?? [];
  return only && others.length === 0 ? conjuncts(only) : [filter];
}

/**
 * A filter as text, by which two are the very same: operands are in the form in which cells are stored, an
 * `and` within an `and` is part of it, as an `or` within an `or`, and neither order nor repetition counts.
 */
export function normalForm(filter: Filter, dataset: Dataset): string {
  const parts = conjuncts(filter);
  const [only] = parts;
  if (parts.length !== 1 || !only) return `and(${textsOf(parts, dataset)})`;
  if (only.or) return alternatives(only.or, dataset);
  if (only.not) return `not(${normalForm(only.not, dataset)})`;
  const { column: name = "", ...comparison } = only;
  const type = dataset.columns.find((column) => column.name === name)?.type ?? "TEXT";
  const [[operator, operand]] = Object.entries(comparison) as [[string, Cell]];
  const operands: readonly Cell[] = Array.isArray(operand) ? operand : [operand];
  const texts = operands.map((one) => JSON.stringify(canonical(type, one)));
  return `${name} ${operator} ${[...new Set(texts)].toSorted().join(",")}`;
}

function alternatives(filters: readonly Filter[], dataset: Dataset): string {
  const flat = (parts: readonly Filter[]): Filter[] =>
    parts.flatMap((part) => {
      const [only, ...others] = conjuncts(part);
      if (!only || others.length > 0) return [part];
      return only.or ? flat(only.or) : [only];
    });
  const texts = new Set(flat(filters).map((part) => normalForm(part, dataset)));
  return texts.size === 1 ? [...texts].join("") : `or(${[...texts].toSorted().join(",")})`;
}

function textsOf(filters: readonly Filter[], dataset: Dataset): string {
  return [...new Set(filters.map((part) => normalForm(part, dataset)))].toSorted().join(",");
}

function canonical(type: ColumnType, operand: Cell): Cell {
  if (typeof operand === "boolean") return operand;
  const text = textOfCell(operand).normalize("NFC");
  if (text.startsWith("$")) return text;
  return type === "DATETIME" ? new Date(text).toISOString() : text;
}
