import { type KnownDataset, knownDatasets } from "../../../access/known-dataset.ts";
import type { Context } from "../../../graphql/context.ts";

/** A dataset as an import knows it: links are none of its columns. */
export function importable(dataset: KnownDataset): KnownDataset {
  return { ...dataset, definition: { ...dataset.definition, links: [] } };
}

/**
 * All that rows of an import are judged by, as text: what was decided about the dataset, and about those that its
 * columns take their options from. Rows that were judged by the same text need not be judged anew.
 */
export async function decisionAbout(context: Context, dataset: KnownDataset): Promise<string> {
  const sources = await knownDatasets(context).loadMany(
    dataset.definition.columns.flatMap(({ optionsFrom }) =>
      optionsFrom === null ? [] : [{ by: "columnId", value: optionsFrom } as const],
    ),
  );
  return JSON.stringify([dataset, ...sources].map(decided), (_key, value: unknown) =>
    value instanceof Set ? [...(value as Set<string>)].toSorted() : value,
  );
}

function decided(dataset: KnownDataset | Error | null) {
  if (dataset instanceof Error) throw dataset;
  return dataset && { columns: dataset.definition.columns, plan: dataset.plan };
}
