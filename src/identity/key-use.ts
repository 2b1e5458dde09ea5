import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/transaction.ts";

/** How closely the last use of a key is kept: a key in constant use is written to this often. */
const KEPT_TO_MS = 10_000;

/** A key that was accepted. */
export interface KeyUse {
  readonly tenantId: string;
  readonly keyId: string;
}

/** Whether a use at this moment is to be recorded, with the use before it. */
export function isUseDue(lastUsedAt: Date | null, now: Date): boolean {
  return lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= KEPT_TO_MS;
}

/**
 * Records that a key was used, in a transaction of its own, since the request's snapshot changes
 * nothing.
 *
 * It waits for nobody: where another is writing to the key at this moment, that is left to the next use.
 */
export async function recordUse(database: Database, use: KeyUse, now: Date): Promise<void> {
  const { tenantId, keyId } = use;
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  await inTransaction(database, reach, async (transaction) => {
    await transaction.query(sql`UPDATE api_key SET last_used_at = ${now}
      WHERE (tenant_id, id) IN (
        SELECT k.tenant_id, k.id FROM api_key k
        WHERE k.tenant_id = ${tenantId}::uuid AND k.id = ${keyId}::uuid
          AND (k.last_used_at IS NULL OR k.last_used_at < ${now})
        FOR NO KEY UPDATE SKIP LOCKED)`);
  });
}
