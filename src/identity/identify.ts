import sql from "sql-template-tag";
import { operatorOf, type Principal, strangerOf } from "../authz/principal.ts";
import { narrow, NO_VARIABLES, type Rights } from "../authz/rights.ts";
import { OPERATOR, STRANGER } from "../authz/role.ts";
import { encodeId } from "../db/id.ts";
import { roleOf, type StoredRole } from "../db/stored-role.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";
import type { Reach, Transaction } from "../db/transaction.ts";
import { type Credential, CredentialError, type RefusalReason } from "./credential.ts";
import { isUseDue, type KeyUse } from "./key-use.ts";
import { type KeyText, matchesAny } from "./key-text.ts";

/** Who is calling, as proved in one transaction, and what that caller may build upon there. */
export interface Caller {
  readonly rights: Rights;
  /** Null for the anonymous principal of no tenant. */
  readonly tenant: TenantFacts | null;
  /** The names of the roles that the caller is narrowed to; null where it is not. */
  readonly narrowedTo: readonly string[] | null;
  /** The key whose use is to be recorded after the request; null where it was recorded just before. */
  readonly dueUse: KeyUse | null;
}

/** How the caller of a request is found: what it presented, and the roles it asked to be cut to. */
export interface Presented {
  readonly credential: Credential;
  readonly narrowedTo: readonly string[] | null;
}

/** What the transaction may reach in which the credential is looked up, and the request answered. */
export function reachOf({ credential }: Presented): Omit<Reach, "mode"> {
  return credential.kind === "key"
    ? { role: "fieldgate_member", tenantId: credential.key.tenantId }
    : { role: "fieldgate_public", tenantId: null };
}

/**
 * Proves the credential in the transaction of the request, and reads the rights it carries.
 *
 * @throws {CredentialError} in the same words to the caller whatever was wrong.
 */
export async function identify(
  transaction: Transaction,
  { credential, narrowedTo }: Presented,
  now: Date,
): Promise<Caller> {
  return credential.kind === "key"
    ? await identifyKey(transaction, { ...credential, narrowedTo, now })
    : await identifyAnonymous(transaction, credential.tenantSlug, narrowedTo);
}

interface TenantRow {
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

const ROLE_JSON = sql`
  json_build_object(
    'id', r.id, 'name', r.name, 'builtIn', r.built_in, 'permissions', r.permissions,
    'canRead', r.can_read, 'canCreate', r.can_create,
    'canUpdate', r.can_update, 'canDelete', r.can_delete)`;

const DEFINITIONS_STATE = sql`fieldgate.definitions_state() AS definitions_state`;

interface PresentedKey {
  readonly key: KeyText;
  readonly tenantSlug: string | null;
  readonly narrowedTo: readonly string[] | null;
  readonly now: Date;
}

async function identifyKey(transaction: Transaction, presented: PresentedKey): Promise<Caller> {
  const { key, tenantSlug, narrowedTo, now } = presented;
  const found = await findKey(transaction, key);
  const isProved = matchesAny(key.hash, [found?.secret_hash ?? null, previousHash(found, now)]);
  if (!found) throw new CredentialError("Unknown, expired or revoked key.");
  const reason = reasonToRefuse(found, { isProved, tenantSlug, now });
  if (reason !== null) {
    const { tenantId, keyId } = key;
    throw new CredentialError("Unknown, expired or revoked key, or one of another tenant.", {
      tenantId,
      keyId: found.secret_hash === null ? null : keyId,
      reason,
    });
  }
  return {
    rights: rightsOfKey(found, key.keyId, narrowedTo),
    tenant: tenantOf(found),
    narrowedTo,
    dueUse: isUseDue(found.last_used_at, now) ? key : null,
  };
}

/** Reads a key with its roles. */
export async function findKey(
  transaction: Transaction,
  { tenantId, keyId }: Omit<KeyText, "hash">,
): Promise<KeyRow | undefined> {
  const [found] = await transaction.query<KeyRow>(
    sql`
    SELECT t.id, t.slug, t.rights_version::text, ${DEFINITIONS_STATE}, t.cursor_key,
           k.name AS key_name, k.publishable, k.secret_hash, k.previous_secret_hash,
           k.previous_until, k.expires_at, k.revoked_at, k.last_used_at,
           (SELECT coalesce(json_agg(${ROLE_JSON} ORDER BY r.name), '[]')
            FROM key_role kr JOIN role r ON r.tenant_id = kr.tenant_id AND r.id = kr.role_id
            WHERE kr.tenant_id = ${tenantId}::uuid AND kr.key_id = ${keyId}::uuid) AS roles
    FROM tenant t
    LEFT JOIN api_key k ON k.tenant_id = t.id AND k.id = ${keyId}::uuid
    WHERE t.id = ${tenantId}::uuid`,
    "key",
  );
  return found;
}

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

/** The hash of the secret before the last roll, while its overlap lasts. */
function previousHash(found: KeyRow | undefined, now: Date): Buffer | null {
  const lasts = found?.previous_until && found.previous_until > now;
  return lasts ? found.previous_secret_hash : null;
}

/** Null for a key that is accepted. */
function reasonToRefuse(found: KeyRow, { isProved, tenantSlug, now }: Proof): RefusalReason | null {
  if (found.secret_hash === null) return "UNKNOWN";
  if (!isProved) return "WRONG_SECRET";
  const state = keyState(found, now);
  if (state !== "ACTIVE") return state;
  return tenantSlug === null || tenantSlug === found.slug ? null : "OTHER_TENANT";
}

interface Proof {
  readonly isProved: boolean;
  readonly tenantSlug: string | null;
  readonly now: Date;
}

/** Whether a key is accepted at this moment, or why not. */
export function keyState(
  { revoked_at, expires_at }: KeyRow,
  now: Date,
): "ACTIVE" | "EXPIRED" | "REVOKED" {
  if (revoked_at !== null) return "REVOKED";
  return expires_at === null || expires_at > now ? "ACTIVE" : "EXPIRED";
}

async function identifyAnonymous(
  transaction: Transaction,
  tenantSlug: string | null,
  narrowedTo: readonly string[] | null,
): Promise<Caller> {
  await transaction.query(sql`
    SELECT set_config('fieldgate.tenant', coalesce(fieldgate.find_tenant(${tenantSlug})::text, ''), true)`);
  return await identifyStranger(transaction, narrowedTo);
}

/** Whoever presents no credential, in the tenant of the transaction. */
export async function identifyStranger(
  transaction: Transaction,
  narrowedTo: readonly string[] | null,
): Promise<Caller> {
  const [found] = await transaction.query<TenantRow>(sql`
    SELECT t.id, t.slug, t.rights_version::text, ${DEFINITIONS_STATE}, t.cursor_key,
           (SELECT coalesce(json_agg(${ROLE_JSON}), '[]') FROM role r) AS roles
    FROM tenant t`);
  const tenant = found ? tenantOf(found) : null;
  const principal = strangerOf(tenant?.id ?? null);
  const roles = narrow(found?.roles.map(roleOf) ?? [STRANGER], narrowedTo);
  return {
    rights: { principal, roles, variables: NO_VARIABLES, readOnly: true },
    tenant,
    narrowedTo,
    dueUse: null,
  };
}

/**
 * The command line in one tenant: whoever runs it holds the database anyway, and is asked for no credential.
 * No tenant, no right.
 */
export async function identifyOperator(
  transaction: Transaction,
  tenantId: string,
): Promise<Caller> {
  const [found] = await transaction.query<Omit<TenantRow, "roles">>(sql`
    SELECT t.id, t.slug, t.rights_version::text, ${DEFINITIONS_STATE}, t.cursor_key
    FROM tenant t WHERE t.id = ${tenantId}::uuid`);
  const principal = operatorOf(found?.id ?? null);
  return {
    rights: { principal, roles: found ? [OPERATOR] : [], variables: NO_VARIABLES, readOnly: false },
    tenant: found ? tenantOf(found) : null,
    narrowedTo: null,
    dueUse: null,
  };
}

/** What a request needs to know of its tenant. */
export function tenantOf({
  id,
  slug,
  rights_version,
  definitions_state,
  cursor_key,
}: Omit<TenantRow, "roles">): TenantFacts {
  return {
    id,
    slug,
    rightsVersion: rights_version,
    definitionsState: definitions_state,
    cursorKey: cursor_key,
  };
}
