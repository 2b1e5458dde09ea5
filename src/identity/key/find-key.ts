import sql from "sql-template-tag";
import type { Principal } from "../../authz/principal.ts";
import { narrow, NO_VARIABLES, type Rights } from "../../authz/rights.ts";
import { encodeId } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import type { Transaction } from "../../db/transaction.ts";
import { ROLE_JSON, TENANT_FACTS, type TenantRow } from "../stored-tenant.ts";
import type { KeyText } from "../secret/key-text.ts";

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
