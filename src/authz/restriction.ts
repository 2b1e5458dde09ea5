import { normalForm } from "./normal-form.ts";
import { type Comparison, isEveryRow, type Operand, type RowFilter } from "./predicate.ts";

/**
 * What an access token that carries conditions is restricted to: these datasets, by their UUIDs. What is not here it
 * does not reach.
 */
export type Restriction = ReadonlyMap<string, RestrictedDataset>;

/** What such a token reaches of one dataset. */
export interface RestrictedDataset {
  /** The rows that meet its conditions, in normal form: asked of every action, of rows as they were and as they become. */
  readonly rows: RowFilter;
  /** What its new rows are given, by the id of the column. */
  readonly sets: ReadonlyMap<string, Operand>;
}

/** How a condition compares. */
export const CONDITION_OPERATORS = ["eq", "ne", "lt", "le", "gt", "ge"] as const;

/** One condition of a token, as it is kept. */
export interface Condition {
  readonly datasetId: string;
  readonly columnId: string;
  readonly by: Extract<Comparison, (typeof CONDITION_OPERATORS)[number]>;
  /** In the canonical form of the column's type. */
  readonly operand: Operand;
  /** What a new row is given there; null: nothing. */
  readonly set: Operand | null;
}

/**
 * What a token is restricted to; null where it carries no conditions and names no datasets.
 *
 * Total: conditions that are no conditions leave nothing to reach.
 *
 * @param conditions As they are kept.
 * @param datasetIds The datasets that it reaches besides those that its conditions name.
 */
export function restrictionOf(
  conditions: unknown,
  datasetIds: readonly string[] | null,
): Restriction | null {
  if (conditions === null && datasetIds === null) return null;
  const kept = conditions ?? [];
  if (!Array.isArray(kept) || !kept.every(isCondition)) return new Map();
  const named = new Set([...(datasetIds ?? []), ...kept.map(({ datasetId }) => datasetId)]);
  return new Map([...named].map((id) => [id, reachedOf(id, kept)]));
}

/** The rows of a dataset that a credential reaches alone; null where it reaches all of them, or none of the dataset. */
export function conditionsOn(
  restriction: Restriction | undefined,
  datasetId: string,
): RowFilter | null {
  const rows = restriction?.get(datasetId)?.rows;
  return rows && !isEveryRow(rows) ? rows : null;
}

/** A condition as a filter. */
export function filterOf({ columnId, by, operand }: Condition) {
  return { kind: "compare", columnId, by, operand } as const;
}

function reachedOf(id: string, conditions: readonly Condition[]): RestrictedDataset {
  const own = conditions.filter(({ datasetId }) => datasetId === id);
  const of = own.map(filterOf);
  const sets = own.flatMap(({ columnId, set }) => (set === null ? [] : [[columnId, set] as const]));
  return { rows: normalForm({ kind: "all", of }), sets: new Map(sets) };
}

function isCondition(part: unknown): part is Condition {
  if (typeof part !== "object" || part === null) return false;
  const { datasetId, columnId, by, operand, set } = part as Partial<Record<string, unknown>>;
  return (
    typeof datasetId === "string" &&
    typeof columnId === "string" &&
    CONDITION_OPERATORS.some((operator) => operator === by) &&
    isOperand(operand) &&
    (set === null || isOperand(set))
  );
}

function isOperand(value: unknown): value is Operand {
  return typeof value === "string" || typeof value === "boolean";
}
