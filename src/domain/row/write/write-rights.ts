import { fieldsGiven, rowsGiven } from "../../../authz/access-plan.ts";
import type { ColumnDefinition, Field } from "../../../db/dataset-definition.ts";
import { type KnownDataset, lackingOn } from "../../../access/known-dataset.ts";
import { canFill, mustSet, silentColumn } from "../../../access/write-needs.ts";

/** @throws {ForbiddenError} for a caller to whom no role gives the action on the dataset. */
export function requireWhole(dataset: KnownDataset, action: "CREATE" | "DELETE"): void {
  if (rowsGiven(dataset.plan, action).length === 0) throw lackingOn(dataset, action);
}

/** @throws {ForbiddenError} for a column or link that the caller may not set. */
export function requireSettable(
  dataset: KnownDataset,
  action: "CREATE" | "UPDATE",
  fields: Iterable<Field>,
): void {
  const settable = fieldsGiven(dataset.plan, action);
  for (const field of fields) {
    if (!settable.has(field.id)) throw lackingOn(dataset, action, { field });
  }
}

/**
 * Requires the right to learn what setting a unique column tells: whether another row has the value, seen
 * or not. A default sets a column too.
 *
 * @throws {ForbiddenError} whatever the rows hold.
 */
export function requireTelling(dataset: KnownDataset, fields: ReadonlySet<Field>): void {
  const silent = silentColumn(dataset, fields);
  if (silent) throw lackingOn(dataset, "READ", { field: silent });
}

/**
 * The columns that a new row must be given a value for.
 *
 * @throws {ForbiddenError} when one of them is not the caller's to set, without its name.
 */
export function requiredColumns(dataset: KnownDataset): ColumnDefinition[] {
  if (!canFill(dataset)) throw lackingOn(dataset, "CREATE");
  return mustSet(dataset.definition);
}
