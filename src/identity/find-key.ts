import sql from "sql-template-tag";
import type { Principal } from "../authz/principal.ts";
import { narrow, NO_VARIABLES, type Rights } from "../authz/rights.ts";
import { encodeId } from "../db/id.ts";
import { roleOf, type StoredRole } from "../db/stored-role.ts";
import type { Transaction } from "../db/transaction.ts";
import type { KeyText } from "./key-text.ts";

/** A tenant as it is stored, with the roles of the caller. */
export interface TenantRow {
  readonly id: string;
  readonly slug: string;
  readonly rights_version: string;
  readonly definitions_state: string | null;
  readonly cursor_key: Buffer;
  readonly roles: readonly StoredRole[];
}

/** A key as it is stored, with its tenant and its roles; where there is no such key, the tenant alone. */
export interface KeyRow extends TenantRow {
  readonly key_name: string | null;
  readonly publishable: boolean;
  readonly secret_hash: Buffer | null;
  readonly previous_secret_hash: Buffer | null;
  readonly previous_until: Date | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

/** A role as {@link StoredRole} has it. */
export const ROLE_JSON = sql`
  json_build_object(
    'id', r.id, 'name', r.name, 'builtIn', r.built_in, 'permissions', r.permissions,
    'canRead', r.can_read, 'canCreate', r.can_create,
    'canUpdate', r.can_update, 'canDelete', r.can_delete)`;

/** The columns of a {@link TenantRow} but for the roles, of a table or alias `t`. */
export const TENANT_FACTS = sql`
  t.id, t.slug, t.rights_version::text, fieldgate.definitions_state() AS definitions_state, t.cursor_key`;

/**
 * Reads a key with its roles.
 *
 * @param presented Where the key is presented and not named: the roles of one that is not accepted are not read, so
 *   that to refuse it takes as long as where there is none.
 */
export async function findKey(
  transaction: Transaction,
  { tenantId, keyId }: Omit<KeyText, "hash">,
  { hash, now }: { readonly hash: Buffer; readonly now: Date } | NotPresented = NOT_PRESENTED,
): Promise<KeyRow | undefined> {
  const isAccepted = sql`(${hash}::bytea IS NULL OR ${hash}::bytea IN (k.secret_hash, k.previous_secret_hash)
    AND k.revoked_at IS NULL AND coalesce(k.expires_at > ${now}::timestamptz, true))`;
  const [found] = await transaction.query<KeyRow>(
    sql`
    SELECT ${TENANT_FACTS}, k.name AS key_name, k.publishable, k.secret_hash, k.previous_secret_hash,
           k.previous_until, k.expires_at, k.revoked_at, k.last_used_at,
           CASE WHEN ${isAccepted} THEN
             (SELECT coalesce(json_agg(${ROLE_JSON} ORDER BY r.name), '[]')
              FROM key_role kr JOIN role r ON r.tenant_id = kr.tenant_id AND r.id = kr.role_id
              WHERE kr.tenant_id = ${tenantId}::uuid AND kr.key_id = ${keyId}::uuid)
           ELSE '[]' END AS roles
    FROM tenant t
    LEFT JOIN api_key k ON k.tenant_id = t.id AND k.id = ${keyId}::uuid
    WHERE t.id = ${tenantId}::uuid`,
    "key",
  );
  return found;
}

/** A key that is named has no hash that it would be accepted by. */
type NotPresented = typeof NOT_PRESENTED;
const NOT_PRESENTED = { hash: null, now: null } as const;

/** What whoever presents the key may build upon. */
export function rightsOfKey(
  found: KeyRow,
  keyId: string,
  narrowedTo: readonly string[] | null,
): Rights {
  const id = encodeId("Key", keyId);
  const principal: Principal = {
    kind: "KEY",
    tenantId: found.id,
    id,
    name: found.key_name ?? id,
  };
  const roles = narrow(found.roles.map(roleOf), narrowedTo);
  return { principal, roles, variables: NO_VARIABLES, readOnly: found.publishable };
}

/** Whether a key is accepted at this moment, or why not. */
export function keyState(
  { revoked_at, expires_at }: KeyRow,
  now: Date,
): "ACTIVE" | "EXPIRED" | "REVOKED" {
  if (revoked_at !== null) return "REVOKED";
  return expires_at === null || expires_at > now ? "ACTIVE" : "EXPIRED";
}
