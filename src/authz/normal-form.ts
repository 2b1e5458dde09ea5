/**
 * Row filters as text, so that two of them can be compared without being reasoned about.
 *
 * @module
 */

import type { RowFilter } from "./predicate.ts";

/**
 * The same filter in the one form in which it is stored: `and` and `or` without those of their own kind in
 * them, without repetition, in one order.
 */
export function normalForm(filter: RowFilter): RowFilter {
  switch (filter.kind) {
    case "all":
    case "any": {
      const { kind } = filter;
      const parts = filter.of
        .map(normalForm)
        .flatMap((part) => (part.kind === kind ? part.of : [part]));
      const of = distinct(parts, textOf);
      const [only] = of;
      return only && of.length === 1 ? only : { kind, of };
    }
    case "not":
      return { kind: "not", of: normalForm(filter.of) };
    case "in": {
      const { kind, columnId, operands } = filter;
      return { kind, columnId, operands: distinct(operands, JSON.stringify) };
    }
    case "isNull": {
      const { kind, columnId, is } = filter;
      return { kind, columnId, is };
    }
    case "compare": {
      const { kind, columnId, by, operand } = filter;
      return { kind, columnId, by, operand };
    }
  }
}

/** What a filter in normal form is compared by, in whichever order its parts' own fields were stored. */
export function textOf(filter: RowFilter): string {
  switch (filter.kind) {
    case "all":
    case "any":
      return `${filter.kind}(${filter.of.map(textOf).join()})`;
    case "not":
      return `not(${textOf(filter.of)})`;
    case "isNull":
      return JSON.stringify([filter.kind, filter.columnId, filter.is]);
    case "in":
      return JSON.stringify([filter.kind, filter.columnId, filter.operands]);
    case "compare":
      return JSON.stringify([filter.by, filter.columnId, filter.operand]);
  }
}

/**
 * What is ANDed to another filter to make this one, both in normal form; null where it is not made so. A
 * filter is made of itself and nothing.
 */
export function andedTo(other: RowFilter, filter: RowFilter): RowFilter[] | null {
  const parts = new Map(conjuncts(filter).map((part) => [textOf(part), part]));
  const own = conjuncts(other).map(textOf);
  if (!own.every((text) => parts.has(text))) return null;
  return [...parts].flatMap(([text, part]) => (own.includes(text) ? [] : [part]));
}

/**
 * Those of some filters, in normal form, without which "one of these holds" would mean something else: to be in all of
 * the rows of another and to hold a further condition is to be in the rows of the other. So it is also where a part is
 * unknown.
 */
export function widest<Filter extends RowFilter>(filters: readonly Filter[]): readonly Filter[] {
  if (filters.length < 2) return filters;
  const conditions = filters.map(conditionsOf);
  return filters.filter((_filter, at) => {
    const own = conditions[at] ?? new Set();
    return !conditions.some(
      (other, place) =>
        place !== at &&
        (other.size < own.size || (other.size === own.size && place < at)) &&
        [...other].every((text) => own.has(text)),
    );
  });
}

const conditionsKnown = new WeakMap<RowFilter, ReadonlySet<string>>();

/** The texts of what a filter demands together; kept, since each field of a dataset is asked where it is given. */
function conditionsOf(filter: RowFilter): ReadonlySet<string> {
  const known = conditionsKnown.get(filter) ?? new Set(conjuncts(filter).map(textOf));
  conditionsKnown.set(filter, known);
  return known;
}

function conjuncts(filter: RowFilter): readonly RowFilter[] {
  return filter.kind === "all" ? filter.of : [filter];
}

function distinct<Part>(parts: readonly Part[], textIn: (part: Part) => string): Part[] {
  const byText = new Map(parts.map((part) => [textIn(part), part]));
  return [...byText].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, part]) => part);
}
