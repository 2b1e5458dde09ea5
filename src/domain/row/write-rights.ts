import {
  columnsGiven,
  isColumnKnown,
  readsEverywhere,
  rowsGiven,
} from "../../authz/access-plan.ts";
import type { ColumnDefinition, DatasetDefinition } from "../../db/dataset-definition.ts";
import { keyColumns } from "../../db/key-columns.ts";
import type { UniqueColumns } from "../../db/row-writes.ts";
import { ForbiddenError } from "../../graphql/errors.ts";
import type { KnownDataset } from "../../graphql/known-dataset.ts";

/** @throws {ForbiddenError} for a caller to whom no role gives the action on the dataset. */
export function requireWhole(
  { definition, plan }: KnownDataset,
  action: "CREATE" | "DELETE",
): void {
  if (rowsGiven(plan, action).length === 0) {
    throw new ForbiddenError({ gate: "DATA", name: `${action} ${definition.name}` });
  }
}

/** @throws {ForbiddenError} for a column that the caller may not set. */
export function requireSettable(
  { definition, plan }: KnownDataset,
  action: "CREATE" | "UPDATE",
  columns: ReadonlySet<ColumnDefinition>,
): void {
  const settable = columnsGiven(plan, action);
  for (const { id, name } of columns) {
    if (!settable.has(id)) {
      throw new ForbiddenError({ gate: "DATA", name: `${action} ${definition.name}.${name}` });
    }
  }
}

/**
 * Requires the right to learn what setting a unique column tells: whether another row has the value, seen
 * or not. A default sets a column too.
 *
 * @throws {ForbiddenError} whatever the rows hold.
 */
export function requireTelling(
  { definition, plan }: KnownDataset,
  columns: ReadonlySet<ColumnDefinition>,
): void {
  for (const constraint of uniqueColumns(definition)) {
    const isAsked = constraint.some((column) => columns.has(column));
    const silent = constraint.find(
      ({ id, tellsTaken }) => !tellsTaken && !readsEverywhere(plan, id),
    );
    if (isAsked && silent) {
      const name = isColumnKnown(plan, silent.id) ? `.${silent.name}` : "";
      throw new ForbiddenError({ gate: "DATA", name: `READ ${definition.name}${name}` });
    }
  }
}

/** What must hold no value, or combination of values, twice: each unique column, and the key columns. */
export function uniqueColumns({ columns }: DatasetDefinition): UniqueColumns[] {
  const keys = keyColumns(columns);
  const unique = columns.filter((column) => column.unique).map((column) => [column]);
  return keys.length > 0 ? [...unique, keys] : unique;
}

/**
 * The columns that a new row must be given a value for.
 *
 * @throws {ForbiddenError} when one of them is not the caller's to set, without its name.
 */
export function requiredColumns({ definition, plan }: KnownDataset): ColumnDefinition[] {
  const required = definition.columns.filter(
    (column) => column.required && column.default === null,
  );
  const settable = columnsGiven(plan, "CREATE");
  if (required.some(({ id }) => !settable.has(id))) {
    throw new ForbiddenError({ gate: "DATA", name: `CREATE ${definition.name}` });
  }
  return required;
}
