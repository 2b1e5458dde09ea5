import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { offered } from "../../db/offered-options.ts";
import { duplicates } from "../../db/row-writes.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../graphql/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { uniqueColumns } from "./write-rights.ts";
import type { WrittenCells } from "./written-cells.ts";

interface IncomingRow {
  readonly id: string;
  readonly cells: WrittenCells;
}

/** The faults of incoming rows that only the stored rows tell: values that are taken, or not offered. */
export async function faultsOfStored(
  context: Context,
  dataset: KnownDataset,
  rows: readonly IncomingRow[],
): Promise<RowFault[]> {
  return [...(await takenFaults(context, dataset, rows)), ...(await optionFaults(context, rows))];
}

async function takenFaults(
  { transaction }: Context,
  { definition }: KnownDataset,
  rows: readonly IncomingRow[],
): Promise<RowFault[]> {
  const set = new Set(rows.flatMap(({ cells }) => [...cells.keys()]));
  const constraints = uniqueColumns(definition).filter((columns) =>
    columns.some((column) => set.has(column)),
  );
  const taken = await duplicates(transaction, definition, rows, constraints);
  return taken.map(({ row, constraint }) => ({
    row,
    column: (constraints[constraint] ?? []).map(({ name }) => name).join(", "),
    code: "NOT_UNIQUE",
    message: "Another row has this value.",
  }));
}

/** Options taken from another column are the values that the caller may read there. */
async function optionFaults(context: Context, rows: readonly IncomingRow[]): Promise<RowFault[]> {
  const chosen = rows.flatMap(({ cells }, row) =>
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
  const found = await offered(
    context.transaction,
    asked.map(({ request }) => request),
  );
  return new Map(asked.map(({ column }, index) => [column, found[index] ?? new Set()]));
}
