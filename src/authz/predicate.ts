/** A cell in the canonical form of its column's type; see `cell/`. */
export type Operand = string | boolean;

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
export type Predicate =
  | { readonly kind: "all"; readonly of: readonly Predicate[] }
  | { readonly kind: "any"; readonly of: readonly Predicate[] }
  | { readonly kind: "not"; readonly of: Predicate }
  | { readonly kind: "isNull"; readonly columnId: string; readonly is: boolean }
  | { readonly kind: "in"; readonly columnId: string; readonly operands: readonly Operand[] }
  | {
      readonly kind: "compare";
      readonly columnId: string;
      readonly by: Comparison;
      readonly operand: Operand;
    };

/** Every row. */
export const EVERY_ROW: Predicate = { kind: "all", of: [] };

/** Whether a predicate holds on every row by its form alone; it is never reasoned about. */
export function isEveryRow(predicate: Predicate): boolean {
  return predicate.kind === "all" && predicate.of.length === 0;
}

/** The ids of the columns that a predicate names. */
export function columnsIn(predicate: Predicate): string[] {
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
