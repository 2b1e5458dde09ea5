import { encodeId } from "../../../db/id.ts";
import { keptBytes } from "../../../db/kept-bytes.ts";
import { insertLinks, replaceLinks } from "../../../db/row-links.ts";
import { changeRows, insertRows } from "../../../db/row-writes.ts";
import type { Context } from "../../../graphql/context.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import { type BecomingRow, judgeChanges, judgeNewRows, refuseLacks } from "../row-rights.ts";
import { sizeFaults } from "./row-size.ts";
import { faultsOfStored } from "./stored-faults.ts";
import {
  type OnFault,
  refuseFaults,
  resultsOf,
  stampOf,
  withoutFaults,
  type WriteResult,
} from "./write-result.ts";
import { linkCells } from "./written-links.ts";

/** A write of rows whose rights by name are given: what is left to do in a transaction. */
export type Work = (context: Context) => Promise<WriteResult[]>;

/** A change of a row, which is locked. */
export interface ChangedRow extends BecomingRow {
  /** The version that it has before. */
  readonly version: number;
}

/** What the rows of a call come to. Those at fault may stand among the others. */
export interface RowWrites {
  /** How many rows the call has. */
  readonly count: number;
  readonly creations: readonly BecomingRow[];
  readonly changes: readonly ChangedRow[];
  readonly faults: readonly RowFault[];
  readonly onFault: OnFault;
}

/**
 * Judges rows by what they hold and by what is stored, and finds every fault of every row.
 *
 * @throws {ForbiddenError} for a row that lacks a right, unless faulty rows are to be skipped.
 */
export async function judgeWrites(
  context: Context,
  dataset: KnownDataset,
  writes: RowWrites,
): Promise<RowWrites> {
  const { creations, changes, faults: own, onFault } = writes;
  const newLacks = judgeNewRows(dataset, withoutFaults(creations, own));
  const refused = refuseLacks(dataset, { action: "CREATE" }, newLacks, onFault);
  const lacks = await judgeChanges(context, dataset, withoutFaults(changes, own));
  const faults = [
    ...own,
    ...refused,
    ...refuseLacks(dataset, { action: "UPDATE" }, lacks, onFault),
    ...(await grownFaults(context, dataset, changes)),
    ...(await faultsOfStored(context, dataset, inOrder([...creations, ...changes]))),
  ];
  return { ...writes, faults };
}

/**
 * Writes the rows that are without fault: one statement for those that are new and one for those that change,
 * besides what they lead to.
 *
 * @throws {RowFaultsError} when a row is at fault, unless faulty rows are to be skipped.
 */
export async function carryOut(
  context: Context,
  { definition }: KnownDataset,
  { count, faults, onFault, ...rows }: RowWrites,
): Promise<WriteResult[]> {
  refuseFaults(faults, onFault);
  const { transaction } = context;
  const made = withoutFaults(rows.creations, faults);
  const changed = withoutFaults(rows.changes, faults);
  if (made.length > 0) {
    await insertRows(transaction, definition, made, stampOf(context));
    await insertLinks(transaction, definition, linkCells(made));
  }
  if (changed.length > 0) {
    await changeRows(transaction, definition, changed, stampOf(context));
    await replaceLinks(transaction, definition, linkCells(changed));
  }
  const written = [
    ...made.map((row) => ({ ...row, operation: "CREATED" as const, version: 1 })),
    ...changed.map((row) => ({ ...row, operation: "UPDATED" as const, version: row.version + 1 })),
  ];
  const byRow = written.map(
    ({ row, id, operation, version }) =>
      [row, { id: encodeId("Row", id), operation, version }] as const,
  );
  return resultsOf(count, new Map(byRow), faults);
}

/** The rows that hold too much with what they keep. */
async function grownFaults(
  { transaction }: Context,
  dataset: KnownDataset,
  changes: readonly ChangedRow[],
): Promise<RowFault[]> {
  if (changes.length === 0) return [];
  const written = changes.map(({ row, id, set: { cells } }) => ({ row, id, cells }));
  return sizeFaults(written, await keptBytes(transaction, dataset, written));
}

function inOrder(rows: readonly BecomingRow[]): BecomingRow[] {
  return rows.toSorted((one, other) => one.row - other.row);
}
