import sql from "sql-template-tag";
import type { Transaction } from "../../db/transaction.ts";

/** How long a token that has ended is still told of, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

/** How many are forgotten when one is made: more than one, so that they do not pile up. */
const FORGOTTEN = 20;

/**
 * Forgets some of the tokens that ended long ago, in any case: one that ended before its time is kept for as long as the
 * others.
 */
export async function pruneTokens(
  transaction: Transaction,
  tenantId: string,
  now: Date,
): Promise<void> {
  // As an array the limit holds: of a subquery that is joined it would hold each time that it is asked.
  await transaction.query(sql`
    DELETE FROM access_token WHERE tenant_id = ${tenantId}::uuid AND id = ANY (ARRAY(
      SELECT a.id FROM access_token a
      WHERE a.tenant_id = ${tenantId}::uuid AND a.expires_at < ${new Date(now.getTime() - KEPT_MS)}
      ORDER BY a.expires_at LIMIT ${FORGOTTEN} FOR UPDATE SKIP LOCKED))`);
}
