/**
 * What a write needs besides the right to write.
 *
 * @module
 */

import { fieldsGiven, readsEverywhere } from "../authz/access-plan.ts";
import type { Operand } from "../authz/predicate.ts";
import type { Rights } from "../authz/rights.ts";
import type { ColumnDefinition, DatasetDefinition, Field } from "../db/dataset-definition.ts";
import { keyColumns } from "../db/key-columns.ts";
import type { PlannedDataset } from "../db/readable-view.ts";
import type { UniqueColumns } from "../db/row-writes.ts";

/** What must hold no value, or combination of values, twice: each unique column, and the key columns. */
export function uniqueColumns({ columns }: DatasetDefinition): UniqueColumns[] {
  const keys = keyColumns(columns);
  const unique = columns.filter((column) => column.unique).map((column) => [column]);
  return keys.length > 0 ? [...unique, keys] : unique;
}

/**
 * The first column of which setting these tells, whether another row has the value, to a caller that may not
 * read it in every row; null: none.
 */
export function silentColumn(
  { definition, plan }: PlannedDataset,
  set: ReadonlySet<Field>,
): ColumnDefinition | null {
  const silent = uniqueColumns(definition)
    .filter((constraint) => constraint.some((column) => set.has(column)))
    .flatMap((constraint) => [...constraint])
    .find(({ id, tellsTaken }) => !tellsTaken && !readsEverywhere(plan, id));
  return silent ?? null;
}

/** The columns that a new row must be given a value for. */
export function mustSet({ columns }: DatasetDefinition): ColumnDefinition[] {
  return columns.filter((column) => column.required && column.default === null);
}

/** What the conditions of the caller's token give new rows where a call gives none: by the column. */
export function setByConditions(
  { id: datasetId, columns }: DatasetDefinition,
  { restriction }: Rights,
): ReadonlyMap<ColumnDefinition, Operand> {
  const sets = restriction?.get(datasetId)?.sets ?? new Map<string, Operand>();
  return new Map(
    columns.flatMap((column) => {
      const value = sets.get(column.id);
      return value === undefined ? [] : [[column, value] as const];
    }),
  );
}

/** Whether every column that a new row must be given a value for has one, or is the caller's to set. */
export function canFill({ definition, plan }: PlannedDataset, rights: Rights): boolean {
  const settable = fieldsGiven(plan, "CREATE");
  const given = setByConditions(definition, rights);
  return mustSet(definition).every((column) => given.has(column) || settable.has(column.id));
}
