import { gives } from "../../authz/access-plan.ts";
import { decodeId, NIL_UUID } from "../../db/id.ts";
import { keptBytes } from "../../db/kept-bytes.ts";
import { replaceLinks } from "../../db/row-links.ts";
import { changeRows, lockRows } from "../../db/row-writes.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, lackingOn } from "../../access/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { judgeChanges, refuseLacks } from "./row-rights.ts";
import { sizeFaults } from "./row-size.ts";
import { type RowTarget, targetFaults } from "./row-target.ts";
import { faultsOfStored } from "./stored-faults.ts";
import { requireSettable, requireTelling } from "./write-rights.ts";
import {
  type OnFault,
  resultsOf,
  stampOf,
  withoutFaults,
  type WriteResult,
  writable,
} from "./write-result.ts";
import { type WrittenCells, writtenRows } from "./written-cells.ts";
import { linkCells } from "./written-links.ts";

/** One row of an update: which, and what becomes of it. */
export interface RowUpdate extends RowTarget {
  readonly values: unknown;
}

/**
 * Changes cells of rows that the caller sees, and where they lead.
 *
 * @throws {ForbiddenError} for a column or link that the caller may not set or be told of, before any look-up.
 * @throws {RowFaultsError} when a row is at fault, unless faulty rows are to be skipped.
 */
export async function updateRows(
  context: Context,
  dataset: KnownDataset,
  updates: readonly RowUpdate[],
  onFault: OnFault,
): Promise<WriteResult[]> {
  const { definition, plan } = dataset;
  if (!gives(plan, "UPDATE")) throw lackingOn(dataset, "UPDATE");
  const written = writtenRows(
    dataset,
    "UPDATE",
    updates.map(({ values }) => values),
  );
  requireSettable(dataset, "UPDATE", written);
  requireTelling(dataset, written.columns);
  const rows = updates.map(({ id }, row) => ({
    id: decodeId("Row", id) ?? NIL_UUID,
    cells: written.rows[row]?.cells ?? new Map(),
    links: written.rows[row]?.links ?? new Map(),
  }));
  const ids = rows.map(({ id }) => id);
  const versions = await lockRows(context.transaction, dataset, ids, "change");
  const own = [...written.faults, ...uneditable(rows), ...targetFaults(updates, versions)];
  const lacks = await judgeChanges(context, dataset, withoutFaults(rows, own));
  const faults = [
    ...own,
    ...refuseLacks(dataset, "UPDATE", lacks, onFault),
    ...sizeFaults(rows, await keptBytes(context.transaction, dataset, rows)),
    ...(await faultsOfStored(context, dataset, seenOf(rows, versions), written.rows)),
  ];
  const kept = writable(rows, faults, onFault);
  if (kept.length > 0) {
    await changeRows(context.transaction, definition, kept, stampOf(context));
    await replaceLinks(context.transaction, definition, linkCells(kept));
  }
  return resultsOf(
    updates.map(({ id }) => id),
    faults,
  );
}

/**
 * The rows, of which those that the caller does not see set nothing: what is said of them must not depend on
 * whether they are there.
 */
function seenOf<Row extends { readonly id: string; readonly cells: WrittenCells }>(
  rows: readonly Row[],
  versions: ReadonlyMap<string, number>,
): Row[] {
  return rows.map((row) => (versions.has(row.id) ? row : { ...row, cells: new Map() }));
}

function uneditable(
  rows: readonly { readonly cells: ReadonlyMap<{ name: string; editable: boolean }, unknown> }[],
): RowFault[] {
  return rows.flatMap(({ cells }, row) =>
    [...cells.keys()]
      .filter(({ editable }) => !editable)
      .map(({ name }) => ({
        row,
        column: name,
        code: "NOT_EDITABLE" as const,
        message: "The column is set when a row is made and not changed.",
      })),
  );
}
