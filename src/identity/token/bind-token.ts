import sql from "sql-template-tag";
import { forget } from "../../db/forget.ts";
import type { Transaction } from "../../db/transaction.ts";
import { MAX_AGE_MS } from "./dpop/claims.ts";

/** An access token by its id. */
export interface TokenId {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * Binds a token to the browser that uses it first, by the hash of what that presents. Of many who try at once, one does:
 * the others wait for it and find the token bound.
 *
 * @returns Whether it was this one.
 */
export async function bindToken(
  transaction: Transaction,
  { tenantId, id }: TokenId,
  { hash, now }: { readonly hash: Buffer; readonly now: Date },
): Promise<boolean> {
  const bound = await transaction.query(sql`
    UPDATE access_token SET bound_to = ${hash}, last_used_at = ${now}
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid AND bound_to IS NULL
    RETURNING id`);
  return bound.length > 0;
}

/**
 * Remembers a proof for as long as it could be presented once more, also to a process whose clock is behind; and forgets
 * some that are older, of whichever tokens.
 *
 * @returns Whether it was presented for the first time.
 */
export async function rememberProof(
  transaction: Transaction,
  { tenantId, id }: TokenId,
  { idHash, issuedAt }: { readonly idHash: Buffer; readonly issuedAt: Date },
  now: Date,
): Promise<boolean> {
  const expiresAt = new Date(issuedAt.getTime() + 2 * MAX_AGE_MS);
  const remembered = await transaction.query(sql`
    INSERT INTO dpop_proof (tenant_id, token_id, id_hash, expires_at)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${idHash}, ${expiresAt})
    ON CONFLICT DO NOTHING RETURNING token_id`);
  await forget(transaction, { table: "dpop_proof", by: "expires_at", tenantId, until: now });
  return remembered.length > 0;
}
