import { fractionPlaces, times10To } from "./compare-cells.ts";
import type { Cell, ColumnType, Dataset, Filter } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";

/** Parts of a filter by their texts in normal form. */
type Parts = ReadonlyMap<string, Filter>;

/** The parts of a filter that all have to hold. */
export function conjuncts(filter: Filter, dataset: Dataset): Parts {
  return partsOf(filter, "and", dataset);
}

/**
 * A filter as text, by which two are the very same: operands are in the form in which cells are stored, an
 * `and` within an `and` is part of it, as an `or` within an `or`, and neither order nor repetition counts.
 */
export function normalForm(filter: Filter, dataset: Dataset): string {
  const parts = conjuncts(filter, dataset);
  const [only = ""] = parts.keys();
  return parts.size === 1 ? only : joined("and", parts);
}

/**
 * What a filter joins by a connective, or the filter itself. An `or` of one thing is that thing, however often
 * it says it, and that may be an `and`; so it is with an `and` of one thing.
 */
function partsOf(filter: Filter, connective: "and" | "or", dataset: Dataset): Parts {
  const parts = filter[connective];
  if (parts) return new Map(parts.flatMap((part) => [...partsOf(part, connective, dataset)]));
  const other = connective === "and" ? "or" : "and";
  if (!filter[other]) return new Map([[textOf(filter, dataset), filter]]);
  const others = partsOf(filter, other, dataset);
  const [only] = others.values();
  if (only && others.size === 1) return partsOf(only, connective, dataset);
  return new Map([[joined(other, others), filter]]);
}

function joined(connective: "and" | "or", parts: Parts): string {
  return `${connective}(${[...parts.keys()].toSorted().join(",")})`;
}

/** The text of what is neither an `and` nor an `or`. */
function textOf(filter: Filter, dataset: Dataset): string {
  if (filter.not) return `not(${normalForm(filter.not, dataset)})`;
  const { column: name = "", ...comparison } = filter;
  const type = dataset.columns.find((column) => column.name === name)?.type ?? "TEXT";
  const [[operator, operand]] = Object.entries(comparison) as [[string, Cell]];
  const operands: readonly Cell[] = Array.isArray(operand) ? operand : [operand];
  const texts = operands.map((one) => JSON.stringify(canonical(type, one)));
  return `${name} ${operator} ${[...new Set(texts)].toSorted().join(",")}`;
}

function canonical(type: ColumnType, operand: Cell): Cell {
  if (typeof operand === "boolean") return operand;
  const text = textOfCell(operand).normalize("NFC");
  if (text.startsWith("$")) return text;
  if (type === "INTEGER" || type === "DECIMAL") return withoutExponent(text);
  return type === "DATETIME" ? new Date(text).toISOString() : text;
}

/** A number in digits alone. Zeros at its end stay: `1.50e1` is `15.0`. */
function withoutExponent(decimal: string): string {
  const places = fractionPlaces(decimal);
  const value = times10To(decimal, places);
  const digits = String(value < 0n ? -value : value).padStart(places + 1, "0");
  const point = digits.length - places;
  const fraction = places > 0 ? `.${digits.slice(point)}` : "";
  return `${value < 0n ? "-" : ""}${digits.slice(0, point)}${fraction}`;
}
