import { fieldsGiven, readsEverywhere, rowsGiven } from "../../authz/access-plan.ts";
import type { ColumnDefinition, DatasetDefinition } from "../../db/dataset-definition.ts";
import { keyColumns } from "../../db/key-columns.ts";
import type { UniqueColumns } from "../../db/row-writes.ts";
import { type KnownDataset, lackingOn } from "../../access/known-dataset.ts";
import type { WrittenRows } from "./written-cells.ts";

/** @throws {ForbiddenError} for a caller to whom no role gives the action on the dataset. */
export function requireWhole(dataset: KnownDataset, action: "CREATE" | "DELETE"): void {
  if (rowsGiven(dataset.plan, action).length === 0) throw lackingOn(dataset, action);
}

/** @throws {ForbiddenError} for a column or link that the caller may not set. */
export function requireSettable(
  dataset: KnownDataset,
  action: "CREATE" | "UPDATE",
  { columns, links }: Pick<WrittenRows, "columns" | "links">,
): void {
  const settable = fieldsGiven(dataset.plan, action);
  for (const field of [...columns, ...links]) {
    if (!settable.has(field.id)) throw lackingOn(dataset, action, { field });
  }
}

/**
 * Requires the right to learn what setting a unique column tells: whether another row has the value, seen
 * or not. A default sets a column too.
 *
 * @throws {ForbiddenError} whatever the rows hold.
 */
export function requireTelling(
  dataset: KnownDataset,
  columns: ReadonlySet<ColumnDefinition>,
): void {
  for (const constraint of uniqueColumns(dataset.definition)) {
    const isAsked = constraint.some((column) => columns.has(column));
    const silent = constraint.find(
      ({ id, tellsTaken }) => !tellsTaken && !readsEverywhere(dataset.plan, id),
    );
    if (isAsked && silent) throw lackingOn(dataset, "READ", { field: silent });
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
export function requiredColumns(dataset: KnownDataset): ColumnDefinition[] {
  const required = dataset.definition.columns.filter(
    (column) => column.required && column.default === null,
  );
  const settable = fieldsGiven(dataset.plan, "CREATE");
  if (required.some(({ id }) => !settable.has(id))) throw lackingOn(dataset, "CREATE");
  return required;
}
