import sql from "sql-template-tag";
import type { ColumnType } from "../cell/column-type.ts";
import {
  createStorage,
  createStorageIndexes,
  dropStorage,
  type StorageIndex,
} from "./dataset-storage.ts";
import type { Transaction } from "./transaction.ts";

/** An import that has written nothing for this long was killed, and what it left is swept away. */
const ABANDONED_AFTER_MS = 120_000;

/** A table that is being filled and that nobody can see yet. */
export interface PendingImport {
  readonly tenantId: string;
  /** The id that the dataset will have; or that of an import into one that is there. */
  readonly id: string;
  /** The name of the dataset. */
  readonly name: string;
}

/** The table of an import. */
export interface ImportStorage {
  readonly types: readonly ColumnType[];
  /** Unique indexes that have to be there before the first row is. */
  readonly indexes?: readonly StorageIndex[];
}

/** Makes room for rows that nobody sees until the import ends. */
export async function beginImport(
  transaction: Transaction,
  pending: PendingImport,
  { types, indexes = [] }: ImportStorage,
): Promise<void> {
  await announceImport(transaction, pending);
  await createStorage(transaction, pending.id, types);
  await createStorageIndexes(transaction, pending.id, indexes);
}

/** Says that an import is under way whose table is about to be made. Sweeps away what killed imports left. */
export async function announceImport(
  transaction: Transaction,
  { tenantId, id, name }: PendingImport,
): Promise<void> {
  await sweepImports(transaction, tenantId);
  await transaction.query(sql`
    INSERT INTO dataset_import (tenant_id, id, name)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${name})`);
}

/**
 * Keeps an import from being swept away: by its new age, and until the transaction ends by a lock. First in
 * every transaction that writes for it.
 *
 * @returns False for one that was swept away while its process slept, or that has become a dataset.
 */
export async function holdImport(
  transaction: Transaction,
  { tenantId, id }: PendingImport,
): Promise<boolean> {
  const held = await transaction.query(sql`
    UPDATE dataset_import SET touched_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid RETURNING id`);
  return held.length > 0;
}

/** Forgets an import whose dataset has been made. */
export async function endImport(
  transaction: Transaction,
  { tenantId, id }: PendingImport,
): Promise<void> {
  await transaction.query(sql`
    DELETE FROM dataset_import WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`);
}

/**
 * Takes back an import, with all rows that it had written. One that has become a dataset meanwhile, though
 * whoever ran it never heard so, is left alone.
 */
export async function dropImport(transaction: Transaction, pending: PendingImport): Promise<void> {
  if (!(await holdImport(transaction, pending))) return;
  await dropStorage(transaction, pending.id);
  await endImport(transaction, pending);
}

/** Whether a dataset of the tenant has the name already. Another may take it before the import ends. */
export async function isNameTaken(
  transaction: Transaction,
  { tenantId, name }: Omit<PendingImport, "id">,
): Promise<boolean> {
  const taken = await transaction.query(sql`
    SELECT FROM dataset d WHERE d.tenant_id = ${tenantId}::uuid AND d.name = ${name}`);
  return taken.length > 0;
}

/** Takes back the imports of a tenant whose process was killed. */
async function sweepImports(transaction: Transaction, tenantId: string): Promise<void> {
  const abandoned = await transaction.query<{ id: string; name: string }>(sql`
    SELECT i.id, i.name FROM dataset_import i
    WHERE i.tenant_id = ${tenantId}::uuid
      AND i.touched_at < clock_timestamp() - make_interval(secs => ${ABANDONED_AFTER_MS / 1_000})
    ORDER BY i.id FOR UPDATE SKIP LOCKED`);
  for (const { id, name } of abandoned) await dropImport(transaction, { tenantId, id, name });
}
