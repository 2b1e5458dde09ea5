import sql from "sql-template-tag";
import type { Transaction } from "../../db/transaction.ts";
import { ROLES_OF_USER, USER_FACTS, type UserRow } from "../find-user.ts";
import type { SecretText } from "../secret/secret-text.ts";
import { TENANT_FACTS, type TenantRow } from "../stored-tenant.ts";

/** A session as it is stored, with its tenant, its user and the user's roles; or the tenant alone. */
export interface SessionRow extends TenantRow, UserRow {
  readonly session_id: string | null;
  readonly secret_hash: Buffer | null;
  readonly expires_at: Date | null;
  readonly ended_at: Date | null;
  readonly last_used_at: Date | null;
}

/**
 * Reads a session with its user's roles.
 *
 * @param hash Where it is presented and not named: the roles of one that is not accepted are not read, so that to
 *   refuse it takes as long as where there is none.
 */
export async function findSession(
  transaction: Transaction,
  { tenantId, id }: Omit<SecretText, "hash">,
  hash: Buffer | null,
): Promise<SessionRow | undefined> {
  const [found] = await transaction.query<SessionRow>(
    sql`
    SELECT ${TENANT_FACTS}, s.id AS session_id, s.secret_hash, s.expires_at, s.ended_at,
           s.last_used_at, ${USER_FACTS},
           CASE WHEN ${hash}::bytea IS NULL OR ${hash}::bytea = s.secret_hash
                  AND s.ended_at IS NULL AND u.deleted_at IS NULL
                THEN ${ROLES_OF_USER} ELSE '[]' END AS roles
    FROM tenant t
    LEFT JOIN user_session s ON s.tenant_id = t.id AND s.id = ${id}::uuid
    LEFT JOIN app_user u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
    WHERE t.id = ${tenantId}::uuid`,
    "session",
  );
  return found;
}

/** Whether a session is accepted at this moment, or why not. */
export function sessionState(
  { deleted_at, ended_at, expires_at }: SessionRow,
  now: Date,
): "ACTIVE" | "DELETED" | "REVOKED" | "EXPIRED" {
  if (deleted_at !== null) return "DELETED";
  if (ended_at !== null) return "REVOKED";
  return expires_at === null || expires_at > now ? "ACTIVE" : "EXPIRED";
}
