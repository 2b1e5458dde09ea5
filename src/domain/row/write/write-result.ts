import { signatureOf } from "../../../authz/principal.ts";
import type { Stamp } from "../../../db/row-writes.ts";
import { MOST } from "../../../graphql/connection.ts";
import type { Context } from "../../../graphql/context.ts";
import { LimitError } from "../../../graphql/errors.ts";
import { type RowFault, RowFaultsError } from "./row-fault.ts";

/** What becomes of a call of which some rows are at fault. */
export type OnFault = "REJECT_ALL" | "SKIP_ROW";

/** What a write did to a row. */
export type Operation = "CREATED" | "UPDATED" | "DELETED";

/** A row that was written. */
export interface WrittenResult {
  /** Its id, as the API shows it. */
  readonly id: string;
  readonly operation: Operation;
  /** The version that it got; null: it is deleted. */
  readonly version: number | null;
}

/** What became of one row of a call. */
export interface WriteResult {
  readonly index: number;
  /** Null: it was not written. */
  readonly written: WrittenResult | null;
  /** Empty: the row was written. */
  readonly faults: readonly RowFault[];
}

/** @throws {LimitError} for a call with more rows than one call may write. */
export function requireFew(rows: readonly unknown[]): void {
  if (rows.length > MOST.rows) {
    throw new LimitError(`A call writes at most ${MOST.rows} rows; ${rows.length} were sent.`);
  }
}

/** @throws {RowFaultsError} when some rows are at fault and the call wants all or nothing. */
export function refuseFaults(faults: readonly RowFault[], onFault: OnFault): void {
  if (faults.length > 0 && onFault === "REJECT_ALL") throw new RowFaultsError(sorted(faults));
}

/** Those of some rows of a call in which nothing was found so far. */
export function withoutFaults<Row extends { readonly row: number }>(
  rows: readonly Row[],
  faults: readonly RowFault[],
): Row[] {
  const faulty = new Set(faults.map(({ row }) => row));
  return rows.filter(({ row }) => !faulty.has(row));
}

/**
 * What became of each row of a call.
 *
 * @param count How many rows the call has.
 * @param written Those that were written, by their places in the call.
 */
export function resultsOf(
  count: number,
  written: ReadonlyMap<number, WrittenResult>,
  faults: readonly RowFault[],
): WriteResult[] {
  const byRow = new Map<number, RowFault[]>();
  for (const fault of faults) {
    const ofRow = byRow.get(fault.row) ?? [];
    ofRow.push(fault);
    byRow.set(fault.row, ofRow);
  }
  return Array.from({ length: count }, (_, index) => ({
    index,
    written: written.get(index) ?? null,
    faults: byRow.get(index) ?? [],
  }));
}

function sorted(faults: readonly RowFault[]): RowFault[] {
  return faults.toSorted((a, b) => a.row - b.row);
}

/** Who writes, and when. */
export function stampOf({ rights, now }: Context): Stamp {
  const { principal } = rights;
  return { by: signatureOf(principal), client: principal.client, at: now };
}
