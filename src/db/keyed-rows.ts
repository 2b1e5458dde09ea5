import sql, { join, raw } from "sql-template-tag";
import type { DatasetDefinition } from "./dataset-definition.ts";
import { cellName, NATIVE_TYPES } from "./predicate-sql.ts";
import { type PlannedDataset, rowsInSight } from "./readable-view.ts";
import type { Cells } from "./incoming-rows.ts";
import type { UniqueColumns } from "./row-writes.ts";
import type { Transaction } from "./transaction.ts";
import { ADVISORY_LOCKS } from "./advisory-locks.ts";

/**
 * Waits until no other call finds rows of the dataset by key, and keeps others waiting until the transaction ends.
 * This is what makes it right. That calls of one process take turns before (`graphql/turns.ts`) only spares connections.
 */
export async function lockKeys(
  transaction: Transaction,
  { id }: Pick<DatasetDefinition, "id">,
): Promise<void> {
  await transaction.query(
    sql`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.keys}, hashtext(${id}))`,
  );
}

/** A key to find a row by: a value of each column of it. */
export interface SoughtKey {
  /** The place in the call. */
  readonly row: number;
  readonly cells: Cells;
}

/** A row that was found, and is locked. */
export interface KeyedRow {
  readonly id: string;
  readonly version: number;
}

/**
 * Locks the rows that have given keys, in the order of their ids, until the transaction ends: those that the caller
 * sees, and of which it may read the key. Whoever changes a key meanwhile is waited for, and the row is asked again.
 *
 * @returns What was found for each key, by its place in the call.
 */
export async function lockKeyedRows(
  transaction: Transaction,
  dataset: PlannedDataset,
  key: UniqueColumns,
  sought: readonly SoughtKey[],
): Promise<ReadonlyMap<number, KeyedRow>> {
  if (sought.length === 0) return new Map();
  const records = sought.map(({ row, cells }) => ({
    row,
    ...Object.fromEntries(key.map((column) => [`c${column.slot}`, cells.get(column)])),
  }));
  const types = key.map(({ slot, type }) => raw(`, c${slot} ${NATIVE_TYPES[type]}`));
  const found = await transaction.query<KeyedRow & { row: number }>(sql`
    SELECT k.row, v.id, v.version
    FROM json_to_recordset(${JSON.stringify(records)}::json) AS k ("row" integer${join(types, "")})
    JOIN ${rowsInSight(dataset, key)} v ON ${join(
      key.map((column) => sql`v.${cellName(column)} = k.${cellName(column)}`),
      " AND ",
    )}
    ORDER BY v.id FOR NO KEY UPDATE OF v`);
  return new Map(found.map(({ row, id, version }) => [row, { id, version }]));
}
