import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { inTransaction, type Transaction } from "../db/transaction.ts";

/** How closely the last use of a credential is kept: one in constant use is written to this often. */
const KEPT_TO_MS = 10_000;

/** A credential that was accepted. */
export interface CredentialUse {
  readonly kind: "key" | "session" | "token";
  readonly tenantId: string;
  readonly id: string;
}

/** Whether a use at this moment is to be recorded, with the use before it. */
export function isUseDue(lastUsedAt: Date | null, now: Date): boolean {
  return lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= KEPT_TO_MS;
}

/**
 * Records that a credential was used, in a transaction of its own, since the request's snapshot changes
 * nothing.
 *
 * It waits for nobody: where another is writing to the credential at this moment, that is left to the next use.
 */
export async function recordUse(database: Database, use: CredentialUse, now: Date): Promise<void> {
  const reach = { role: "fieldgate_member", tenantId: use.tenantId, mode: "write" } as const;
  await inTransaction(database, reach, (transaction) => writeUse(transaction, use, now));
}

/** Records the same in a transaction that writes besides. */
export async function writeUse(
  transaction: Transaction,
  use: CredentialUse,
  now: Date,
): Promise<void> {
  await transaction.query(UPDATES[use.kind](use, now));
}

const UPDATES: Readonly<Record<CredentialUse["kind"], (use: CredentialUse, now: Date) => Sql>> = {
  key: ({ tenantId, id }, now) => sql`UPDATE api_key SET last_used_at = ${now}
    WHERE (tenant_id, id) IN (
      SELECT k.tenant_id, k.id FROM api_key k
      WHERE k.tenant_id = ${tenantId}::uuid AND k.id = ${id}::uuid
        AND (k.last_used_at IS NULL OR k.last_used_at < ${now})
      FOR NO KEY UPDATE SKIP LOCKED)`,
  session: ({ tenantId, id }, now) => sql`UPDATE user_session SET last_used_at = ${now}
    WHERE (tenant_id, id) IN (
      SELECT s.tenant_id, s.id FROM user_session s
      WHERE s.tenant_id = ${tenantId}::uuid AND s.id = ${id}::uuid
        AND (s.last_used_at IS NULL OR s.last_used_at < ${now})
      FOR NO KEY UPDATE SKIP LOCKED)`,
  token: ({ tenantId, id }, now) => sql`UPDATE access_token SET last_used_at = ${now}
    WHERE (tenant_id, id) IN (
      SELECT a.tenant_id, a.id FROM access_token a
      WHERE a.tenant_id = ${tenantId}::uuid AND a.id = ${id}::uuid
        AND (a.last_used_at IS NULL OR a.last_used_at < ${now})
      FOR NO KEY UPDATE SKIP LOCKED)`,
};
