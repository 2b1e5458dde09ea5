import { encodeId } from "../db/id.ts";
import { auditReadsOf } from "../graphql/audit-plugin.ts";
import type { Context } from "../graphql/context.ts";
import type { KnownDataset } from "./known-dataset.ts";

/** The method by which rows are read, whichever way leads to them. */
const READ = "row::get";

/** A dataset itself, something of one (a row, a cell), or neither. */
type MaybeOfDataset = Partial<KnownDataset> & { readonly dataset?: Partial<KnownDataset> };

auditReadsOf(READ, (parent) => {
  const { definition, dataset }: MaybeOfDataset = parent;
  return targetOf(definition?.auditReads === undefined ? dataset?.definition : definition);
});

/** Has it logged, where that is wanted, that cells of a dataset were read by a field that is not of its rows. */
export function noteRowsRead(context: Context, { definition }: KnownDataset): void {
  const target = targetOf(definition);
  if (target !== null) context.notes.addRead(READ, target);
}

function targetOf(definition: KnownDataset["definition"] | undefined): string | null {
  return definition?.auditReads ? encodeId("Dataset", definition.id) : null;
}
