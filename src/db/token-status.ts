import sql, { empty, type Sql } from "sql-template-tag";

/** Whether an access token is accepted from the browser that it is bound to. */
export type TokenStatus = "ACTIVE" | "EXPIRED" | "IDLE" | "REVOKED" | "KEY_GONE";

/** The {@link TokenStatus} of a token `a` with its key `k`: the rule by which a token is proved, for the database. */
export function tokenStatus(now: Date): Sql {
  return sql`CASE
    WHEN a.revoked_at IS NOT NULL THEN 'REVOKED'
    WHEN k.revoked_at IS NOT NULL OR coalesce(k.expires_at <= ${now}::timestamptz, false) THEN 'KEY_GONE'
    WHEN a.expires_at <= ${now}::timestamptz THEN 'EXPIRED'
    WHEN coalesce(a.last_used_at, a.created_at) + make_interval(secs => a.idle_seconds) <= ${now}::timestamptz THEN 'IDLE'
    ELSE 'ACTIVE' END`;
}

/**
 * The condition under which a token `a` with its key `k` is of a status. Of tokens that are accepted it begins with what an
 * index finds: those that ended stay for a while, and are the most.
 */
export function hasStatus(status: TokenStatus, now: Date): Sql {
  const found = sql`a.expires_at > ${now}::timestamptz AND a.revoked_at IS NULL AND`;
  return sql`${status === "ACTIVE" ? found : empty} ${tokenStatus(now)} = ${status}`;
}

/** Access tokens as `a`, with their keys as `k`. */
export const TOKENS_WITH_KEYS = sql`
  access_token a JOIN api_key k ON k.tenant_id = a.tenant_id AND k.id = a.key_id`;
