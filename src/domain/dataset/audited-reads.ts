import type { KnownDataset } from "../../access/known-dataset.ts";
import { encodeId } from "../../db/id.ts";
import { auditReadsOf } from "../../graphql/audit-plugin.ts";

/** A dataset itself, something of one (a row, a cell), or neither. */
type MaybeOfDataset = Partial<KnownDataset> & { readonly dataset?: Partial<KnownDataset> };

auditReadsOf("row::get", (parent) => {
  const { definition, dataset }: MaybeOfDataset = parent;
  const found = definition?.auditReads === undefined ? dataset?.definition : definition;
  return found?.auditReads ? encodeId("Dataset", found.id) : null;
});
