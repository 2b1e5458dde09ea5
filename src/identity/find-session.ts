import sql from "sql-template-tag";
import type { Principal } from "../authz/principal.ts";
import { narrow, type Rights } from "../authz/rights.ts";
import { encodeId } from "../db/id.ts";
import { roleOf } from "../db/stored-role.ts";
import type { Transaction } from "../db/transaction.ts";
import { ROLE_JSON, TENANT_FACTS, type TenantRow } from "./find-key.ts";
import type { SecretText } from "./secret-text.ts";

/** A user as far as its rights need it. */
export interface UserRow {
  readonly user_id: string;
  readonly email: string | null;
  readonly email_verified: boolean;
  readonly first_name: string;
  readonly last_name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly deleted_at: Date | null;
}

/** A session as it is stored, with its tenant, its user and the user's roles; or the tenant alone. */
export interface SessionRow extends TenantRow, UserRow {
  readonly session_id: string | null;
  readonly secret_hash: Buffer | null;
  readonly expires_at: Date | null;
  readonly ended_at: Date | null;
  readonly last_used_at: Date | null;
}

/** The columns of a {@link UserRow}, of a table or alias `u`. */
export const USER_FACTS = sql`
  u.id AS user_id, u.email, u.email_verified, u.first_name, u.last_name, u.attributes, u.deleted_at`;

/** The roles of a user `u`, as JSON: those that it was given, and the one that every user has. */
export const ROLES_OF_USER = sql`
  (SELECT coalesce(json_agg(${ROLE_JSON} ORDER BY r.name), '[]') FROM role r
   WHERE r.tenant_id = u.tenant_id AND (r.built_in = 'AUTHENTICATED' OR r.id IN (
     SELECT ur.role_id FROM user_role ur WHERE ur.tenant_id = u.tenant_id AND ur.user_id = u.id)))`;

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

/** Reads a user that is named, with its roles; undefined where the tenant has no such user, or has deleted it. */
export async function findUser(
  transaction: Transaction,
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
): Promise<(TenantRow & UserRow) | undefined> {
  const [found] = await transaction.query<TenantRow & UserRow>(sql`
    SELECT ${TENANT_FACTS}, ${USER_FACTS}, ${ROLES_OF_USER} AS roles
    FROM tenant t JOIN app_user u ON u.tenant_id = t.id
    WHERE t.id = ${tenantId}::uuid AND u.id = ${userId}::uuid AND u.deleted_at IS NULL`);
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

/** What a user may build upon. */
export function rightsOfUser(
  found: TenantRow & UserRow & Partial<Pick<SessionRow, "session_id">>,
  narrowedTo: readonly string[] | null,
): Rights {
  const id = encodeId("User", found.user_id);
  const name = `${found.first_name} ${found.last_name}`.trim();
  const principal: Principal = {
    kind: "SESSION",
    tenantId: found.id,
    id,
    name: name || id,
    ...(found.session_id && { sessionId: encodeId("Session", found.session_id) }),
  };
  return {
    principal,
    roles: narrow(found.roles.map(roleOf), narrowedTo),
    variables: variablesOfUser(found, id),
    readOnly: false,
  };
}

/** An address that nobody has proved to be the user's has no value; whoever registers can name any. */
function variablesOfUser({ email, email_verified, attributes }: UserRow, id: string) {
  const own = Object.entries(attributes).map(([name, value]) => [`user.${name}`, value] as const);
  return new Map([
    ...own,
    ["user.id", id] as const,
    ...(email !== null && email_verified ? [["user.email", email] as const] : []),
  ]);
}
