/** A cell in the canonical form of its column's type; see `cell/`. */
export type Operand = string | boolean;

/** An operand of a row filter that has its value from the request, such as `user.email`. */
export interface Variable {
  readonly variable: string;
}

/** How a cell can be compared with one operand. */
export type Comparison =
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "contains"
  | "startsWith"
  | "endsWith";

/**
 * A condition on one row, in SQL's three-valued logic: a comparison with NULL is unknown, and unknown
 * is no match.
 */
export type Predicate<Of = Operand> =
  | { readonly kind: "all"; readonly of: readonly Predicate<Of>[] }
  | { readonly kind: "any"; readonly of: readonly Predicate<Of>[] }
  | { readonly kind: "not"; readonly of: Predicate<Of> }
  | { readonly kind: "isNull"; readonly columnId: string; readonly is: boolean }
  | { readonly kind: "in"; readonly columnId: string; readonly operands: readonly Of[] }
  | {
      readonly kind: "compare";
      readonly columnId: string;
      readonly by: Comparison;
      readonly operand: Of;
    };

/** The rows on which a role gives an action, as a grant says it: its variables have no value yet. */
export type RowFilter = Predicate<Operand | Variable>;

/** Every row. */
export const EVERY_ROW: Predicate<never> = { kind: "all", of: [] };

/** No row. */
export const NO_ROW: Predicate<never> = { kind: "any", of: [] };

/** Whether a predicate holds on every row by its form alone; it is never reasoned about. */
export function isEveryRow(predicate: Predicate<unknown>): boolean {
  return predicate.kind === "all" && predicate.of.length === 0;
}

/** Whether a predicate, by its form, holds on no row without a value in the column. */
export function needsValue(predicate: Predicate<unknown>, columnId: string): boolean {
  switch (predicate.kind) {
    case "all":
      return predicate.of.some((part) => needsValue(part, columnId));
    case "any":
      return predicate.of.every((part) => needsValue(part, columnId));
    case "not":
      return false;
    case "isNull":
      return !predicate.is && predicate.columnId === columnId;
    case "in":
    case "compare":
      return predicate.columnId === columnId;
  }
}

/** The ids of the columns that a predicate names. */
export function columnsIn(predicate: Predicate<unknown>): string[] {
  switch (predicate.kind) {
    case "all":
    case "any":
      return predicate.of.flatMap(columnsIn);
    case "not":
      return columnsIn(predicate.of);
    case "isNull":
    case "in":
    case "compare":
      return [predicate.columnId];
  }
}

/** A variable where it stands in a filter: with the column that it is compared with, and in which way. */
export interface NamedVariable extends Variable {
  readonly columnId: string;
  readonly by: Comparison | "in";
}

/** The variables that a filter names. */
export function variablesIn(filter: RowFilter): NamedVariable[] {
  switch (filter.kind) {
    case "all":
    case "any":
      return filter.of.flatMap(variablesIn);
    case "not":
      return variablesIn(filter.of);
    case "isNull":
      return [];
    case "in":
      return filter.operands.flatMap((each) => namedIn(each, filter.columnId, "in"));
    case "compare":
      return namedIn(filter.operand, filter.columnId, filter.by);
  }
}

function namedIn(
  operand: Operand | Variable,
  columnId: string,
  by: Comparison | "in",
): NamedVariable[] {
  return typeof operand === "object" ? [{ variable: operand.variable, columnId, by }] : [];
}

/**
 * The value that a cell of a column is compared with in such a way: that of a variable, or the operand itself;
 * null where a variable has none, and where the column has no such cells.
 */
export type ValueOf = (
  operand: Operand | Variable,
  columnId: string,
  by: Comparison | "in",
) => Operand | null;

/**
 * The filter with the values of its variables. One that names a variable without a value holds on no row,
 * wherever in it the variable stands, also under `not`; so does one with an operand that is none of its column.
 */
export function bound(filter: RowFilter, valueOf: ValueOf): Predicate {
  return boundOrNull(filter, valueOf) ?? NO_ROW;
}

function boundOrNull(filter: RowFilter, valueOf: ValueOf): Predicate | null {
  switch (filter.kind) {
    case "all":
    case "any": {
      const of = whole(filter.of.map((part) => boundOrNull(part, valueOf)));
      return of && { kind: filter.kind, of };
    }
    case "not": {
      const of = boundOrNull(filter.of, valueOf);
      return of && { kind: "not", of };
    }
    case "isNull":
      return filter;
    case "in": {
      const { kind, columnId } = filter;
      const operands = whole(filter.operands.map((each) => valueOf(each, columnId, "in")));
      return operands && { kind, columnId, operands };
    }
    case "compare": {
      const { kind, columnId, by } = filter;
      const operand = valueOf(filter.operand, columnId, by);
      return operand === null ? null : { kind, columnId, by, operand };
    }
  }
}

function whole<Part>(parts: readonly (Part | null)[]): Part[] | null {
  const there = parts.filter((part) => part !== null);
  return there.length === parts.length ? there : null;
}
