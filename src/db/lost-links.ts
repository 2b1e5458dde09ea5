import sql from "sql-template-tag";
import type { DatasetDefinition } from "./dataset-definition.ts";
import type { Stamp } from "./row-writes.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Counts a change of the datasets that lose a link when this one is deleted. Until the transaction ends
 * nobody writes rows by those links, so that nobody waits for rows of this dataset while this waits for them.
 */
export async function countLostLinks(
  transaction: Transaction,
  { tenantId, id }: DatasetDefinition,
  { by, at }: Stamp,
): Promise<void> {
  await transaction.query(sql`
    WITH losing AS (
      SELECT d.id FROM dataset d
      WHERE d.tenant_id = ${tenantId}::uuid AND d.id <> ${id}::uuid AND d.id IN (
        SELECT l.dataset_id FROM dataset_link l
        WHERE l.tenant_id = ${tenantId}::uuid AND l.target_id = ${id}::uuid)
      ORDER BY d.id FOR NO KEY UPDATE)
    UPDATE dataset d SET version = d.version + 1, updated_at = ${at}, updated_by = ${by}
    FROM losing l WHERE d.tenant_id = ${tenantId}::uuid AND d.id = l.id`);
}
