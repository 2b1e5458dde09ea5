import { type LogEntry, type LogPlace, recordsAfter, recordsOf } from "../../src/db/row-log.ts";
import { type LoggedRow, rowAfter } from "../../src/db/logged-row.ts";
import { inTransaction, type Transaction } from "../../src/db/transaction.ts";
import type { Database } from "../../src/db/database.ts";

/** A dataset whose log is read. */
export interface Logged {
  readonly database: Database;
  readonly tenantId: string;
  /** The UUID of the dataset. */
  readonly id: string;
}

/** Reads as a member of the tenant, from one snapshot. */
export async function snapshotOf<Result>(
  { database, tenantId }: Pick<Logged, "database" | "tenantId">,
  read: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return await inTransaction(
    database,
    { role: "fieldgate_member", tenantId, mode: "snapshot" },
    read,
  );
}

/** All records of a dataset after a place, read so many at a time, each time from a snapshot of its own. */
export async function followed(
  logged: Logged,
  { after = null, page = 1_000 }: { after?: LogPlace | null; page?: number } = {},
): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  for (let place = after; ; place = found.at(-1)?.place ?? null) {
    const from = place;
    // oxlint-disable-next-line no-await-in-loop
    const read = await snapshotOf(logged, (transaction) =>
      recordsAfter(transaction, logged, from, page),
    );
    found.push(...read);
    if (read.length < page) return found;
  }
}

/** All records of one row. */
export async function historyOf(logged: Logged, rowId: string): Promise<LogEntry[]> {
  return await snapshotOf(logged, (transaction) => recordsOf(transaction, logged, rowId));
}

/** A row that is there after all that is in the log. */
export interface Replayed extends LoggedRow {
  readonly version: number;
}

/** The rows that come of the records of a dataset, from the first on, by their ids. */
export function replayed(entries: readonly LogEntry[]): Map<string, Replayed> {
  const rows = new Map<string, Replayed>();
  for (const entry of entries) {
    const row = rowAfter(rows.get(entry.rowId) ?? null, entry);
    if (row === null) rows.delete(entry.rowId);
    else rows.set(entry.rowId, { ...row, version: entry.version });
  }
  return rows;
}
