import { readsEverywhere, rowsSeen } from "../../authz/access-plan.ts";
import { isEveryRow } from "../../authz/predicate.ts";
import { columnsLacking, hasOtherThan, hasRows } from "../../db/column-questions.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, lackingOn } from "../../access/known-dataset.ts";
import { refuseDefinition } from "./definition-faults.ts";

/**
 * Whether a change of a column is refused or not by what its cells hold, so that the answer tells of them:
 * a type that they convert to, a rule that they keep. `tellsTaken` has later writes tell.
 */
export function asksCells(was: ColumnDefinition, becomes: ColumnDefinition): boolean {
  const isNew = (rule: "required" | "unique" | "indexed" | "tellsTaken") =>
    becomes[rule] && !was[rule];
  return (
    was.type !== becomes.type ||
    isNew("required") ||
    isNew("unique") ||
    isNew("indexed") ||
    isNew("tellsTaken")
  );
}

/**
 * Requires that the caller reads the column in every row, before anything is asked of its cells.
 *
 * @throws {ForbiddenError} for who does not, whatever the cells hold.
 */
export function requireReadEverywhere(dataset: KnownDataset, column: ColumnDefinition): void {
  if (!readsEverywhere(dataset.plan, column.id))
    throw lackingOn(dataset, "READ", { field: column });
}

/** @throws {InputError} naming those of the columns that some row has no value in. */
export async function requireFilled(
  { transaction }: Context,
  dataset: KnownDataset,
  columns: readonly ColumnDefinition[],
  field: string,
): Promise<void> {
  const lacking = await columnsLacking(transaction, dataset, columns);
  refuseDefinition(
    lacking.map(({ name }) => ({
      field,
      message: `Some rows have no value in ${name}. Fill them first.`,
    })),
  );
}

/**
 * Requires of a new column that is required that there are no rows, since they would have no value in it.
 *
 * @throws {ForbiddenError} for who does not see every row, whether there are any or not.
 * @throws {InputError} where there are rows.
 */
export async function requireNoRows({ transaction }: Context, dataset: KnownDataset) {
  if (!rowsSeen(dataset.plan).some(isEveryRow)) throw lackingOn(dataset, "READ");
  if (!(await hasRows(transaction, dataset))) return;
  refuseDefinition([
    {
      field: "required",
      message:
        "The rows that are there have no value in a new column. Add it without required, fill it, then make it required.",
    },
  ]);
}

/** @throws {InputError} where some row holds a text in the column that is none of its fixed options. */
export async function requireOptions(
  { transaction }: Context,
  dataset: KnownDataset,
  column: ColumnDefinition,
): Promise<void> {
  if (column.options === null) return;
  if (await hasOtherThan(transaction, dataset, column, column.options)) {
    refuseDefinition([
      { field: "options", message: "Some rows hold a value that is none of the options." },
    ]);
  }
}
