import { isColumnKnown } from "../../authz/access-plan.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { offeredAmong } from "../../db/offered-options.ts";
import { columnsOf, duplicates } from "../../db/row-writes.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../graphql/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { uniqueColumns } from "./write-rights.ts";
import type { WrittenCells } from "./written-cells.ts";

interface IncomingRow {
  readonly id: string;
  readonly cells: WrittenCells;
}

/**
 * The faults of incoming rows that only the stored rows tell: values that are taken, or not offered.
 *
 * @param rows The rows whole, with the defaults of what the caller did not set.
 * @param written Of each row, what the caller set: nobody chooses a default.
 */
export async function faultsOfStored(
  context: Context,
  dataset: KnownDataset,
  rows: readonly IncomingRow[],
  written: readonly WrittenCells[],
): Promise<RowFault[]> {
  return [
    ...(await takenFaults(context, dataset, rows)),
    ...(await optionFaults(context, written)),
  ];
}

async function takenFaults(
  { transaction }: Context,
  { definition, plan }: KnownDataset,
  rows: readonly IncomingRow[],
): Promise<RowFault[]> {
  const set = columnsOf(rows);
  const constraints = uniqueColumns(definition).filter((columns) =>
    columns.some((column) => set.has(column)),
  );
  const taken = await duplicates(transaction, definition, rows, constraints);
  const namesOf = (columns: readonly ColumnDefinition[]) =>
    columns.filter(({ id }) => isColumnKnown(plan, id)).map(({ name }) => name);
  return taken.map(({ row, constraint }) => ({
    row,
    column: namesOf(constraints[constraint] ?? []).join(", ") || null,
    code: "NOT_UNIQUE",
    message: "Another row has this value.",
  }));
}

/** Options taken from another column are the values that the caller may read there. */
async function optionFaults(
  context: Context,
  written: readonly WrittenCells[],
): Promise<RowFault[]> {
  const chosen = written.flatMap((cells, row) =>
    [...cells].flatMap(([column, value]) =>
      column.optionsFrom !== null && typeof value === "string" ? [{ row, column, value }] : [],
    ),
  );
  const columns = [...new Set(chosen.map(({ column }) => column))];
  const offers = await offersOf(context, columns, chosen);
  return chosen
    .filter(({ column, value }) => !offers.get(column)?.has(value))
    .map(({ row, column: { name } }) => ({
      row,
      column: name,
      code: "NOT_AN_OPTION",
      message: "Not one of the values offered; see the column's options.",
    }));
}

async function offersOf(
  context: Context,
  columns: readonly ColumnDefinition[],
  chosen: readonly { readonly column: ColumnDefinition; readonly value: string }[],
): Promise<Map<ColumnDefinition, ReadonlySet<string>>> {
  const sources = await knownDatasets(context).loadMany(
    columns.map(({ optionsFrom }) => ({ by: "columnId", value: optionsFrom ?? "" }) as const),
  );
  const asked = columns.flatMap((column, index) => {
    const dataset = sources[index];
    const values = chosen.flatMap((one) => (one.column === column ? [one.value] : []));
    return dataset && !(dataset instanceof Error) && column.optionsFrom !== null
      ? [{ column, request: { dataset, columnId: column.optionsFrom, values } }]
      : [];
  });
  const found = await offeredAmong(
    context.transaction,
    asked.map(({ request }) => request),
  );
  return new Map(asked.map(({ column }, index) => [column, found[index] ?? new Set()]));
}
