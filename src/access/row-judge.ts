import { type Compare, holds, type RowInHand } from "../authz/evaluate.ts";
import { columnsIn, type Predicate } from "../authz/predicate.ts";
import { compareOperands } from "../cell/compare-operands.ts";
import type { DatasetDefinition } from "../db/dataset-definition.ts";
import type { Transaction } from "../db/transaction.ts";
import { trueCells } from "../db/true-cells.ts";

/** Judges rows: whether a predicate holds on every one of some versions of a row, found out once for each. */
export function judgeOf({ columns }: DatasetDefinition) {
  const types = new Map(columns.map(({ id, type }) => [id, type]));
  const compare: Compare = (columnId, one, other) =>
    compareOperands(types.get(columnId) ?? "TEXT", one, other);
  return (versions: readonly RowInHand[]) => {
    const known = new Map<Predicate, boolean>();
    return (predicate: Predicate): boolean => {
      const isKnown = known.get(predicate);
      if (isKnown !== undefined) return isKnown;
      const isHeld = versions.every((version) => holds(predicate, version, compare));
      known.set(predicate, isHeld);
      return isHeld;
    };
  };
}

/** The columns of rows that predicates name, as they are; nothing is read where none is named. */
export async function rowsAsTheyAre(
  transaction: Transaction,
  definition: DatasetDefinition,
  ids: readonly string[],
  predicates: readonly Predicate[],
): Promise<Map<string, RowInHand>> {
  const named = new Set(predicates.flatMap(columnsIn));
  const columns = definition.columns.filter(({ id }) => named.has(id));
  return await trueCells(transaction, definition, columns, ids);
}
