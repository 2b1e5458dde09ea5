import sql from "sql-template-tag";
import type { RowImportState } from "./generated/enums.ts";
import type { Transaction } from "./transaction.ts";

/** How long an import is told of after its last sign of life, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** An import of rows that was promised. */
export interface PromisedImport {
  readonly tenantId: string;
  readonly id: string;
  readonly datasetId: string;
  /** The id of the key, token or user that may see it, as the API shows it. */
  readonly principal: string;
  readonly at: Date;
}

/** How far an import of rows is. */
export interface ImportProgress {
  readonly state: RowImportState;
  /** How much of the file has come. */
  readonly bytes: number;
  readonly rows: number;
  /** The rows that are at fault. */
  readonly faulty: number;
  /** The first faults, as JSON. */
  readonly faults: readonly object[];
  /** Why it failed; null where it did not. */
  readonly failure: string | null;
}

/** Writes down that an import was promised, and forgets those of yesterday. */
export async function insertRowImport(
  transaction: Transaction,
  { tenantId, id, datasetId, principal, at }: PromisedImport,
): Promise<void> {
  await transaction.query(sql`
    DELETE FROM row_import WHERE (tenant_id, id) IN (
      SELECT tenant_id, id FROM row_import
      WHERE tenant_id = ${tenantId}::uuid AND touched_at < ${new Date(at.getTime() - KEPT_MS)}
      FOR UPDATE SKIP LOCKED)`);
  await transaction.query(sql`
    INSERT INTO row_import (tenant_id, id, dataset_id, principal, created_at, touched_at)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${datasetId}::uuid, ${principal}, ${at}, ${at})`);
}

/**
 * Writes down how far an import is. One that is done, or forgotten as with its dataset, stays so.
 *
 * @returns Whether it was written.
 */
export async function saveProgress(
  transaction: Transaction,
  { tenantId, id }: Pick<PromisedImport, "tenantId" | "id">,
  { state, bytes, rows, faulty, faults, failure }: ImportProgress,
): Promise<boolean> {
  const saved = await transaction.query(sql`
    UPDATE row_import SET state = ${state}::row_import_state, bytes = ${bytes}, rows = ${rows},
      faulty = ${faulty}, faults = ${JSON.stringify(faults)}::json, failure = ${failure},
      touched_at = clock_timestamp()
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid AND state <> 'DONE' RETURNING id`);
  return saved.length > 0;
}
