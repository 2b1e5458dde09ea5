import { type AccessPlan, isFieldKnown } from "../../../authz/access-plan.ts";
import { listed } from "../../../cell/listed.ts";
import type { ColumnDefinition } from "../../../db/dataset-definition.ts";
import { offeredAmong, offeredOptions, type OptionSource } from "../../../db/offered-options.ts";
import { columnsOf } from "../../../db/incoming-rows.ts";
import type { PlannedDataset } from "../../../db/readable-view.ts";
import { duplicates, type UniqueColumns } from "../../../db/row-writes.ts";
import type { Context } from "../../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../../access/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { uniqueColumns } from "../../../access/write-needs.ts";
import { linkFaults } from "./link-faults.ts";
import type { BecomingRow } from "../row-rights.ts";
import { NOT_AN_OPTION, type PlacedRow } from "./written-cells.ts";

/**
 * The faults of incoming rows that only the stored rows tell: values that are taken, or not offered, and
 * links to rows that are not there for the caller. Rows that are led to cannot go until the write is done.
 *
 * Of options and links counts what the caller set: nobody chooses a default.
 */
export async function faultsOfStored(
  context: Context,
  dataset: KnownDataset,
  rows: readonly BecomingRow[],
): Promise<RowFault[]> {
  const set = rows.map(({ row, set: { cells, links } }) => ({ row, cells, links }));
  return [
    ...(await takenFaults(context, dataset, rows)),
    ...(await optionFaults(context, set)),
    ...(await linkFaults(context, set)),
  ];
}

/** The rows that would hold a value of a unique column that an earlier one has, or one that is stored. */
export async function takenFaults(
  { transaction }: Context,
  { definition, plan }: PlannedDataset,
  rows: readonly BecomingRow[],
): Promise<RowFault[]> {
  const set = columnsOf(rows);
  const constraints = uniqueColumns(definition).filter((columns) =>
    columns.some((column) => set.has(column)),
  );
  const taken = await duplicates(transaction, definition, rows, constraints);
  return taken.map(({ row: at, constraint }) => ({
    row: rows[at]?.row ?? at,
    ...takenBy(plan, constraints[constraint] ?? []),
  }));
}

/** What is said of a row that would hold a value which another has. */
export function takenBy(plan: AccessPlan, columns: UniqueColumns) {
  const names = columns.filter(({ id }) => isFieldKnown(plan, id)).map(({ name }) => name);
  return {
    column: names.join(", ") || null,
    code: "NOT_UNIQUE",
    message: "Another row has this value.",
  } as const;
}

interface Chosen {
  readonly row: number;
  readonly column: ColumnDefinition;
  readonly value: string;
}

/** Options taken from another column are the values that the caller may read there. */
async function optionFaults(
  context: Context,
  rows: readonly Pick<PlacedRow, "row" | "cells">[],
): Promise<RowFault[]> {
  const columns = [...columnsOf(rows)].filter(({ optionsFrom }) => optionsFrom !== null);
  const chosen = rows.flatMap(({ row, cells }) =>
    columns.flatMap((column): Chosen[] => {
      const value = cells.get(column);
      return typeof value === "string" ? [{ row, column, value }] : [];
    }),
  );
  const sources = await sourcesOf(context, chosen);
  const refused = await notOffered(context, sources, chosen);
  const words = await wordsOf(context, sources, refused);
  const told = new Set<ColumnDefinition>();
  return refused.map(({ row, column }) => {
    const message = told.has(column) ? NOT_AN_OPTION : (words.get(column) ?? NOTHING_OFFERED);
    told.add(column);
    return { row, column: column.name, code: "NOT_AN_OPTION", message };
  });
}

type Sources = ReadonlyMap<ColumnDefinition, OptionSource>;

/** Where the columns of what was chosen take their options from, as far as the caller knows it. */
async function sourcesOf(context: Context, chosen: readonly Chosen[]): Promise<Sources> {
  const columns = [...new Set(chosen.map(({ column }) => column))];
  const datasets = await knownDatasets(context).loadMany(
    columns.map(({ optionsFrom }) => ({ by: "columnId", value: optionsFrom ?? "" }) as const),
  );
  return new Map(
    columns.flatMap((column, index) => {
      const dataset = datasets[index];
      return dataset && !(dataset instanceof Error) && column.optionsFrom !== null
        ? [[column, { dataset, columnId: column.optionsFrom }] as const]
        : [];
    }),
  );
}

async function notOffered(
  { transaction }: Context,
  sources: Sources,
  chosen: readonly Chosen[],
): Promise<Chosen[]> {
  const columns = [...sources.keys()];
  const asked = [...sources].map(([column, source]) => ({
    ...source,
    values: chosen.flatMap((one) => (one.column === column ? [one.value] : [])),
  }));
  const found = await offeredAmong(transaction, asked);
  const offered = new Map(columns.map((column, index) => [column, found[index]]));
  return chosen.filter(({ column, value }) => !offered.get(column)?.has(value));
}

const NOTHING_OFFERED = "Not one of the values offered: there are none that you may read.";

/** What is said of each column of which a value was refused: the options that the caller may read. */
async function wordsOf({ transaction }: Context, sources: Sources, refused: readonly Chosen[]) {
  const columns = [...new Set(refused.map(({ column }) => column))];
  const asked = columns.flatMap((column) => {
    const source = sources.get(column);
    return source ? [{ column, source }] : [];
  });
  const offered = await offeredOptions(
    transaction,
    asked.map(({ source }) => source),
    MOST_NAMED,
  );
  return new Map(
    asked.map(({ column }, index) => {
      const options = listed(offered[index] ?? []);
      return [column, options ? `Must be one of ${options}.` : NOTHING_OFFERED] as const;
    }),
  );
}

/** Options that a message is made of: one more than it lists, so that it tells whether there are more. */
const MOST_NAMED = 21;
