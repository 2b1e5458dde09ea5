import sql from "sql-template-tag";
import { newUuid } from "./id.ts";
import type { Stamp } from "./row-writes.ts";
import type { Transaction } from "./transaction.ts";

/** The dataset whose rows are written. */
export interface WrittenDataset {
  readonly tenantId: string;
  readonly datasetId: string;
}

/**
 * Keeps the definition of a dataset as it is until the transaction ends, and says who writes its rows: first
 * in every transaction that does. Read the definition after this, not before.
 *
 * The database writes the change log by itself, and lets nobody write rows who has not said so. What the
 * transaction then writes, in this dataset and where rows lose links to its rows, is one commit of each.
 */
export async function beginCommit(
  transaction: Transaction,
  { tenantId, datasetId }: WrittenDataset,
  { by, client, at }: Stamp,
): Promise<void> {
  const commit = JSON.stringify({
    id: newUuid(),
    by,
    clientId: client?.id,
    clientName: client?.name,
    at,
  });
  await transaction.query(sql`
    SELECT set_config('fieldgate.commit', ${commit}, true) FROM dataset d
    WHERE d.tenant_id = ${tenantId}::uuid AND d.id = ${datasetId}::uuid FOR SHARE`);
}
