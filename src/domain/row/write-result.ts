import { signatureOf } from "../../authz/principal.ts";
import type { Stamp } from "../../db/row-writes.ts";
import { MOST } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { LimitError } from "../../graphql/errors.ts";
import { type RowFault, RowFaultsError } from "./row-fault.ts";

/** What becomes of a call of which some rows are at fault. */
export type OnFault = "REJECT_ALL" | "SKIP_ROW";

/** What became of one row of a call. */
export interface WriteResult {
  readonly index: number;
  /** The id of the row, as the API shows it. */
  readonly id: string;
  /** Empty: the row was written. */
  readonly faults: readonly RowFault[];
}

/** @throws {LimitError} for a call with more rows than one call may write. */
export function requireFew(rows: readonly unknown[]): void {
  if (rows.length > MOST.rows) {
    throw new LimitError(`A call writes at most ${MOST.rows} rows; ${rows.length} were sent.`);
  }
}

/**
 * The rows of a call that are without fault.
 *
 * @throws {RowFaultsError} when some are not and the call wants all or nothing.
 */
export function writable<Row>(
  rows: readonly Row[],
  faults: readonly RowFault[],
  onFault: OnFault,
): Row[] {
  if (faults.length > 0 && onFault === "REJECT_ALL") throw new RowFaultsError(sorted(faults));
  const faulty = new Set(faults.map(({ row }) => row));
  return rows.filter((_row, index) => !faulty.has(index));
}

/** The rows of a call in which nothing was found so far, each with its place in the call. */
export function withoutFaults<Row extends object>(
  rows: readonly Row[],
  faults: readonly RowFault[],
): (Row & { readonly row: number })[] {
  const faulty = new Set(faults.map(({ row }) => row));
  return rows.flatMap((each, row) => (faulty.has(row) ? [] : [{ ...each, row }]));
}

/** What became of each row of a call, by the ids of its rows as the API shows them. */
export function resultsOf(ids: readonly string[], faults: readonly RowFault[]): WriteResult[] {
  const byRow = new Map<number, RowFault[]>();
  for (const fault of faults) {
    const ofRow = byRow.get(fault.row) ?? [];
    ofRow.push(fault);
    byRow.set(fault.row, ofRow);
  }
  return ids.map((id, index) => ({ index, id, faults: byRow.get(index) ?? [] }));
}

function sorted(faults: readonly RowFault[]): RowFault[] {
  return faults.toSorted((a, b) => a.row - b.row);
}

/** Who writes, and when. */
export function stampOf({ rights, now }: Context): Stamp {
  return { by: signatureOf(rights.principal), at: now };
}
