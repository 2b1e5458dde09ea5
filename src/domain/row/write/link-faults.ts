import { listed } from "../../../cell/listed.ts";
import { lockTargets } from "../../../db/row-links.ts";
import type { LinkDefinition } from "../../../db/dataset-definition.ts";
import type { Context } from "../../../graphql/context.ts";
import { knownDatasets } from "../../../access/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { targetUuid, type WrittenLinks } from "./written-links.ts";

/** What one row of a write says of one link. */
interface Named {
  readonly row: number;
  readonly link: LinkDefinition;
  readonly targets: readonly string[];
}

/**
 * The links that name a row which the caller does not see in their target: whether there is none, it is of
 * another dataset or tenant, hidden, or no id at all. Those that are seen are kept from being deleted
 * until the write is done. One statement for each dataset that is led to, whatever the number of rows.
 */
export async function linkFaults(
  context: Context,
  rows: readonly { readonly row: number; readonly links: WrittenLinks }[],
): Promise<RowFault[]> {
  const named = rows.flatMap(({ row, links }) =>
    [...links].map(([link, targets]) => ({ row, link, targets })),
  );
  const seen = await seenTargets(context, named);
  return named.flatMap(({ row, link, targets }): RowFault[] => {
    const there = seen.get(link.targetId);
    const places = targets.flatMap((id, index) => (there?.has(targetUuid(id)) ? [] : [index + 1]));
    if (places.length === 0) return [];
    const message = link.many
      ? `No such rows in the list, by their places from 1: ${listed(places.map(String))}.`
      : "No such row.";
    return [{ row, column: link.name, code: "NOT_FOUND", message }];
  });
}

/** The rows that the caller sees, of those that are named in each dataset, in one order of datasets. */
async function seenTargets(
  context: Context,
  named: readonly Named[],
): Promise<Map<string, ReadonlySet<string>>> {
  const asked = new Map<string, Set<string>>();
  for (const { link, targets } of named) {
    const ids = asked.get(link.targetId) ?? new Set();
    asked.set(link.targetId, ids);
    for (const id of targets) ids.add(targetUuid(id));
  }
  const seen = new Map<string, ReadonlySet<string>>();
  for (const [datasetId, ids] of [...asked].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const dataset = await knownDatasets(context).load({ by: "id", value: datasetId });
    if (dataset && ids.size > 0) {
      seen.set(datasetId, await lockTargets(context.transaction, dataset, [...ids]));
    }
  }
  return seen;
}
