import { gives } from "../../../authz/access-plan.ts";
import type { Field } from "../../../db/dataset-definition.ts";
import { decodeId, NIL_UUID } from "../../../db/id.ts";
import { lockRows } from "../../../db/row-writes.ts";
import { type KnownDataset, lackingOn } from "../../../access/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { type RowTarget, targetFaults } from "./row-target.ts";
import { requireSettable, requireTelling } from "./write-rights.ts";
import type { OnFault } from "./write-result.ts";
import { carryOut, type ChangedRow, judgeWrites, type Work } from "./write-rows.ts";
import { fieldsNamed, type PlacedRow, writtenRows } from "./written-cells.ts";

/** One row of an update: which, and what becomes of it. */
export interface RowUpdate extends RowTarget {
  readonly values: unknown;
}

/**
 * Changes cells of rows that the caller sees, and where they lead.
 *
 * @throws {ForbiddenError} for a column or link that the caller may not set or be told of, before any look-up;
 *   in the work, for a row in which it may not.
 * @throws {RowFaultsError} in the work, when a row is at fault, unless faulty rows are to be skipped.
 */
export function updateRows(
  dataset: KnownDataset,
  updates: readonly RowUpdate[],
  onFault: OnFault,
): Work {
  requireChangeable(dataset, []);
  const inputs = updates.map(({ values }) => values);
  const written = writtenRows(dataset, "UPDATE", inputs);
  const named = fieldsNamed(written.rows);
  requireChangeable(dataset, named);
  requireTelling(dataset, named);
  const ids = updates.map(({ id }) => decodeId("Row", id) ?? NIL_UUID);
  return async (context) => {
    const versions = await lockRows(context.transaction, dataset, ids, "change");
    const changes = written.rows.map((set): ChangedRow => {
      const id = ids[set.row] ?? NIL_UUID;
      return changeOf(set, { id, version: versions.get(id) ?? null });
    });
    const faults = [
      ...written.faults,
      ...uneditable(written.rows),
      ...targetFaults(updates, versions),
    ];
    const writes = { count: updates.length, creations: [], changes, faults, onFault };
    return await carryOut(context, dataset, await judgeWrites(context, dataset, writes));
  };
}

/** @throws {ForbiddenError} for a caller that may change nothing, or for a column or link that it may not set. */
export function requireChangeable(dataset: KnownDataset, fields: Iterable<Field>): void {
  if (!gives(dataset.plan, "UPDATE")) throw lackingOn(dataset, "UPDATE");
  requireSettable(dataset, "UPDATE", fields);
}

/**
 * The change of a row. In one that the caller does not see (`version: null`) nothing is set: what is said of it
 * must not depend on whether it is there.
 */
function changeOf(
  set: PlacedRow,
  { id, version }: { readonly id: string; readonly version: number | null },
): ChangedRow {
  const becomes = version === null ? { cells: new Map(), links: new Map() } : set;
  const { cells, links } = becomes;
  return { row: set.row, id, version: version ?? 0, cells, links, set };
}

/** What rows set of columns that are not changed. */
export function uneditable(rows: readonly PlacedRow[]): RowFault[] {
  return rows.flatMap(({ row, cells }) =>
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
