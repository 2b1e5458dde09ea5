import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { offeredOptions, type OptionSource } from "../../db/offered-options.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { noteRowsRead } from "../../access/audited-reads.ts";

interface Source extends OptionSource {
  readonly dataset: KnownDataset;
}

/**
 * The options that a column offers to another: the values that the caller may read there; null for a column
 * that it may not read. Two statements, however many columns are asked for.
 */
export const optionsOffered = createContextCache(
  (context: Context) =>
    new DataLoader<string, readonly string[] | null>(async (columnIds) => {
      const datasets = await knownDatasets(context).loadMany(
        columnIds.map((value) => ({ by: "columnId", value }) as const),
      );
      const sources = columnIds.flatMap((columnId, index): Source[] => {
        const dataset = datasets[index];
        if (dataset instanceof Error) throw dataset;
        return dataset ? [{ dataset, columnId }] : [];
      });
      const options = await offeredOptions(context.transaction, sources);
      for (const [index, { dataset }] of sources.entries()) {
        if (options[index]) noteRowsRead(context, dataset);
      }
      const byColumn = new Map(sources.map(({ columnId }, index) => [columnId, options[index]]));
      return columnIds.map((columnId) => byColumn.get(columnId) ?? null);
    }),
);
