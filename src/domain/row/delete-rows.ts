import { decodeId, NIL_UUID } from "../../db/id.ts";
import { removeLinksOf } from "../../db/row-links.ts";
import { lockRows, removeRows } from "../../db/row-writes.ts";
import type { Context } from "../../graphql/context.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { type RowTarget, targetFaults } from "./row-target.ts";
import { requireWhole } from "./write-rights.ts";
import { judgeDeletions, refuseLacks } from "./row-rights.ts";
import {
  type OnFault,
  resultsOf,
  withoutFaults,
  type WriteResult,
  writable,
} from "./write-result.ts";

/**
 * Deletes rows that the caller sees, with the links from and to them, whichever those are.
 *
 * @throws {ForbiddenError} for a caller to whom no role gives DELETE on the dataset.
 * @throws {RowFaultsError} when a row is at fault, unless faulty rows are to be skipped.
 */
export async function deleteRows(
  context: Context,
  dataset: KnownDataset,
  targets: readonly RowTarget[],
  onFault: OnFault,
): Promise<WriteResult[]> {
  requireWhole(dataset, "DELETE");
  const ids = targets.map(({ id }) => decodeId("Row", id)).filter((id) => id !== null);
  const versions = await lockRows(context.transaction, dataset, ids, "delete");
  const own = targetFaults(targets, versions);
  const named = targets.map(({ id }) => ({ id: decodeId("Row", id) ?? NIL_UUID }));
  const lacks = await judgeDeletions(context, dataset, withoutFaults(named, own));
  const faults = [...own, ...refuseLacks(dataset, "DELETE", lacks, onFault)];
  const kept = writable(targets, faults, onFault);
  const gone = kept.map(({ id }) => decodeId("Row", id)).filter((id) => id !== null);
  await removeRows(context.transaction, dataset.definition, gone);
  await removeLinksOf(context.transaction, dataset.definition, gone);
  return resultsOf(
    targets.map(({ id }) => id),
    faults,
  );
}
