import { holds, type RowInHand } from "../authz/evaluate.ts";
import { columnsIn, type Predicate } from "../authz/predicate.ts";
import { compareOperands } from "../cell/compare-operands.ts";
import type { DatasetDefinition } from "../db/dataset-definition.ts";
import type { Transaction } from "../db/transaction.ts";
import { trueCells } from "../db/true-cells.ts";

/** Whether a predicate holds on every one of some versions of a row. */
export function judgeOf({ columns }: DatasetDefinition) {
  const types = new Map(columns.map(({ id, type }) => [id, type]));
  return (predicate: Predicate, versions: readonly RowInHand[]): boolean =>
    versions.every((version) =>
      holds(predicate, version, (columnId, one, other) =>
        compareOperands(types.get(columnId) ?? "TEXT", one, other),
      ),
    );
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
