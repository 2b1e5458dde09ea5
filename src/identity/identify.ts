import sql from "sql-template-tag";
import { operatorOf, strangerOf } from "../authz/principal.ts";
import { narrow, NO_VARIABLES, type Rights } from "../authz/rights.ts";
import { OPERATOR, STRANGER } from "../authz/role.ts";
import { roleOf } from "../db/stored-role.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";
import type { Reach, Transaction } from "../db/transaction.ts";
import { type Credential, CredentialError, type RefusalReason } from "./credential.ts";
import { isUseDue, type KeyUse } from "./key-use.ts";
import {
  DEFINITIONS_STATE,
  findKey,
  type KeyRow,
  keyState,
  rightsOfKey,
  ROLE_JSON,
  type TenantRow,
} from "./find-key.ts";
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

interface PresentedKey {
  readonly key: KeyText;
  readonly tenantSlug: string | null;
  readonly narrowedTo: readonly string[] | null;
  readonly now: Date;
}

async function identifyKey(transaction: Transaction, presented: PresentedKey): Promise<Caller> {
  const { key, tenantSlug, narrowedTo, now } = presented;
  const found = await findKey(transaction, key, { hash: key.hash, now });
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
