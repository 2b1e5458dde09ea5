import { decodeId, encodeId, NIL_UUID } from "../../../db/id.ts";
import { removeLinksOf } from "../../../db/row-links.ts";
import { lockRows, removeRows } from "../../../db/row-writes.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import { type RowTarget, targetFaults } from "./row-target.ts";
import { requireWhole } from "./write-rights.ts";
import { judgeDeletions, refuseLacks } from "../row-rights.ts";
import { type OnFault, refuseFaults, resultsOf, withoutFaults } from "./write-result.ts";
import type { Work } from "./write-rows.ts";

/**
 * Deletes rows that the caller sees, with the links from and to them, whichever those are.
 *
 * @throws {ForbiddenError} for a caller to whom no role gives DELETE on the dataset; in the work, for a row on
 *   which none does.
 * @throws {RowFaultsError} in the work, when a row is at fault, unless faulty rows are to be skipped.
 */
export function deleteRows(
  dataset: KnownDataset,
  targets: readonly RowTarget[],
  onFault: OnFault,
): Work {
  requireWhole(dataset, "DELETE");
  const rows = targets.map(({ id }, row) => ({ row, id: decodeId("Row", id) ?? NIL_UUID }));
  return async (context) => {
    const { transaction } = context;
    const ids = rows.map(({ id }) => id);
    const own = targetFaults(targets, await lockRows(transaction, dataset, ids, "delete"));
    const lacks = await judgeDeletions(context, dataset, withoutFaults(rows, own));
    const faults = [...own, ...refuseLacks(dataset, { action: "DELETE" }, lacks, onFault)];
    refuseFaults(faults, onFault);
    const kept = withoutFaults(rows, faults);
    const gone = kept.map(({ id }) => id);
    await removeRows(transaction, dataset.definition, gone);
    await removeLinksOf(transaction, dataset.definition, gone);
    const deleted = { operation: "DELETED", version: null } as const;
    const byRow = kept.map(
      ({ row, id }) => [row, { id: encodeId("Row", id), ...deleted }] as const,
    );
    return resultsOf(targets.length, new Map(byRow), faults);
  };
}
