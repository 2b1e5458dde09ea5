import sql from "sql-template-tag";
import type { Principal } from "../../authz/principal.ts";
import { restrictionOf } from "../../authz/restriction.ts";
import { narrow, type Rights } from "../../authz/rights.ts";
import { encodeId } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import type { Transaction } from "../../db/transaction.ts";
import { ROLE_JSON, TENANT_FACTS, type TenantRow } from "../stored-tenant.ts";

/** A token as it is stored, with its key, its tenant and the roles that it carries; or the tenant alone. */
export interface TokenRow extends TenantRow {
  readonly token_id: string | null;
  readonly secret_hash: Buffer | null;
  readonly binding: "COOKIE" | "DPOP";
  readonly bound_to: Buffer | null;
  /** A list of `Condition`; null: none. */
  readonly conditions: unknown;
  readonly dataset_ids: readonly string[] | null;
  readonly client_id: string | null;
  readonly client_name: string | null;
  readonly idle_seconds: number;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
  readonly key_name: string;
  readonly publishable: boolean;
  readonly key_expires_at: Date | null;
  readonly key_revoked_at: Date | null;
}

/**
 * Reads a token with the roles that it carries of its key's.
 *
 * @param hash Where it is presented and not named: the roles of one that is not accepted are not read, so that to
 *   refuse it takes as long as where there is none.
 */
export async function findToken(
  transaction: Transaction,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  hash: Buffer | null,
): Promise<TokenRow | undefined> {
  const [found] = await transaction.query<TokenRow>(
    sql`
    SELECT ${TENANT_FACTS}, a.id AS token_id, a.secret_hash, a.binding, a.bound_to, a.conditions,
           a.dataset_ids, a.client_id, a.client_name, a.idle_seconds, a.created_at, a.expires_at,
           a.last_used_at, a.revoked_at, k.name AS key_name, k.publishable,
           k.expires_at AS key_expires_at, k.revoked_at AS key_revoked_at,
           CASE WHEN ${hash}::bytea IS NULL OR ${hash}::bytea = a.secret_hash
                  AND a.revoked_at IS NULL AND k.revoked_at IS NULL THEN
             (SELECT coalesce(json_agg(${ROLE_JSON} ORDER BY r.name), '[]')
              FROM key_role kr JOIN role r ON r.tenant_id = kr.tenant_id AND r.id = kr.role_id
              WHERE kr.tenant_id = a.tenant_id AND kr.key_id = a.key_id
                AND (a.role_ids IS NULL OR r.id = ANY (a.role_ids)))
           ELSE '[]' END AS roles
    FROM tenant t
    LEFT JOIN access_token a ON a.tenant_id = t.id AND a.id = ${id}::uuid
    LEFT JOIN api_key k ON k.tenant_id = a.tenant_id AND k.id = a.key_id
    WHERE t.id = ${tenantId}::uuid`,
    "token",
  );
  return found;
}

/** Whether a token is accepted at this moment from the browser that it is bound to, or why not. */
export function tokenState(
  found: TokenRow,
  now: Date,
): "ACTIVE" | "EXPIRED" | "IDLE" | "REVOKED" | "KEY_GONE" {
  const { revoked_at, expires_at, key_revoked_at, key_expires_at, idle_seconds } = found;
  if (revoked_at !== null) return "REVOKED";
  if (key_revoked_at !== null || (key_expires_at !== null && key_expires_at <= now)) {
    return "KEY_GONE";
  }
  if (expires_at <= now) return "EXPIRED";
  const used = found.last_used_at ?? found.created_at;
  return used.getTime() + idle_seconds * 1_000 > now.getTime() ? "ACTIVE" : "IDLE";
}

/** What whoever presents the token may build upon: no more than its key has. */
export function rightsOfToken(found: TokenRow, narrowedTo: readonly string[] | null): Rights {
  const { client_id, client_name } = found;
  const isOfClient = client_id !== null || client_name !== null;
  const principal: Principal = {
    kind: "ACCESS_TOKEN",
    tenantId: found.id,
    id: encodeId("AccessToken", found.token_id ?? ""),
    name: found.key_name,
    ...(isOfClient && { client: { id: client_id, name: client_name } }),
  };
  const restriction = restrictionOf(found.conditions, found.dataset_ids);
  return {
    principal,
    roles: narrow(found.roles.map(roleOf), narrowedTo),
    variables: new Map(client_id === null ? [] : [["client.id", client_id]]),
    readOnly: found.publishable,
    ...(restriction && { restriction }),
  };
}
