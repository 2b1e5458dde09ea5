import { fieldsGiven, rowsGiven } from "../../../authz/access-plan.ts";
import type { ColumnDefinition, Field } from "../../../db/dataset-definition.ts";
import { type KnownDataset, lackingOn } from "../../../access/known-dataset.ts";
import { canFill, mustSet, setByConditions, silentColumn } from "../../../access/write-needs.ts";
import { cellParser } from "../../../cell/cell-parser.ts";
import { rulesOf } from "../../../db/key-columns.ts";
import { ForbiddenError } from "../../../graphql/forbidden-error.ts";
import type { WrittenCells } from "./written-cells.ts";

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
 * The columns that a call must give a new row a value for.
 *
 * @throws {ForbiddenError} when one of them is not the caller's to set, without its name.
 */
export function requiredColumns(dataset: KnownDataset): ColumnDefinition[] {
  const { definition, rights } = dataset;
  if (!canFill(dataset, rights)) throw lackingOn(dataset, "CREATE");
  const given = setByConditions(definition, rights);
  return mustSet(definition).filter((column) => !given.has(column));
}

/**
 * What the conditions of the caller's token give new rows where a call gives none, as cells.
 *
 * @throws {ForbiddenError} where the rules of a column have changed so that it is none any more.
 */
export function cellsOfConditions({ definition, rights }: KnownDataset): WrittenCells {
  const given = [...setByConditions(definition, rights)];
  return new Map(
    given.map(([column, value]) => {
      const parsed = cellParser(rulesOf(column))(value);
      if (!parsed.ok) {
        const lacking = { gate: "RESTRICTION", name: "conditions" } as const;
        throw new ForbiddenError(rights, lacking, "what the token gives new rows is no cell, and ");
      }
      return [column, parsed.value] as const;
    }),
  );
}
