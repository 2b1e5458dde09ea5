import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { optionValues, type OptionSource } from "../../db/option-values.ts";
import type { Context } from "../../graphql/context.ts";
import { knownDatasets } from "../../graphql/known-dataset.ts";

/**
 * The values that the caller may read in a column, for another to offer as its options; null for a column
 * that it may not read. Two statements, however many columns are asked for.
 */
export const offeredValues = createContextCache(
  (context: Context) =>
    new DataLoader<string, readonly string[] | null>(async (columnIds) => {
      const datasets = await knownDatasets(context).loadMany(
        columnIds.map((value) => ({ by: "columnId", value }) as const),
      );
      const sources = columnIds.flatMap((columnId, index): OptionSource[] => {
        const dataset = datasets[index];
        if (dataset instanceof Error) throw dataset;
        return dataset ? [{ dataset, columnId }] : [];
      });
      const values = await optionValues(context.transaction, sources);
      return columnIds.map((columnId) => values.get(columnId) ?? null);
    }),
);
