import { forget } from "../../db/forget.ts";
import type { Transaction } from "../../db/transaction.ts";

/** How long a token that has ended is still told of, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

/**
 * Forgets some of the tokens that ended long ago, in any case: one that ended before its time is kept for as long as the
 * others.
 */
export async function pruneTokens(
  transaction: Transaction,
  tenantId: string,
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() - KEPT_MS);
  await forget(transaction, { table: "access_token", by: "expires_at", tenantId, until });
}
