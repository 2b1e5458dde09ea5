import sql from "sql-template-tag";
import { strangerOf } from "../authz/principal.ts";
import { NO_VARIABLES } from "../authz/rights.ts";
import type { Role } from "../authz/role.ts";
import { decodeId } from "../db/id.ts";
import type { Transaction } from "../db/transaction.ts";
import { type Caller, isOfOther, refused } from "./caller.ts";
import { CredentialError, type Provable } from "./credential.ts";
import { TENANT_FACTS, type TenantRow, tenantOf } from "./stored-tenant.ts";
import { matchesAny } from "./secret/secret-text.ts";
import { systemSecretTexts } from "./secret/secret-texts.ts";

/** The system key and secret of a tenant as they are presented, unproved. */
export interface PresentedAtFrontDoor {
  readonly tenantId: string;
  readonly hash: Buffer;
  readonly tenantSlug: string | null;
}

/** The hash of no text that anybody knows. */
const OF_NOTHING = Buffer.alloc(32);

/**
 * Reads what is presented of a tenant in the place of a credential.
 *
 * A secret that cannot be the tenant's is one that is not: the tenant hears of it.
 *
 * @throws {CredentialError} where there is a credential besides, and for what names no tenant.
 */
export function presentedAtFrontDoor(
  { kind, tenantSlug }: Pick<Provable, "kind" | "tenantSlug">,
  systemKey: string,
  systemSecret: string,
): PresentedAtFrontDoor {
  if (kind !== "none") throw new CredentialError("A system secret besides a credential.");
  const tenantId = decodeId("Tenant", systemKey);
  if (tenantId === null) throw new CredentialError("Malformed system key.");
  const secret = systemSecretTexts.parse(systemSecret);
  const hash = secret?.tenantId === tenantId ? secret.hash : OF_NOTHING;
  return { tenantId, hash, tenantSlug };
}

/** What whoever stands at the front door may do, and nothing else. */
const METHODS = [
  "session::login",
  "password_reset::request",
  "password::reset",
  "email_verification::request",
  "email_verification::use",
] as const;

interface DoorRow extends Omit<TenantRow, "roles"> {
  readonly system_secret_hash: Buffer | null;
  readonly open_registration: boolean;
}

/** Proves the system secret of a tenant. @throws {CredentialError} for one that is not accepted. */
export async function identifyAtFrontDoor(
  transaction: Transaction,
  { tenantId, hash, tenantSlug }: PresentedAtFrontDoor,
): Promise<Caller> {
  const [found] = await transaction.query<DoorRow>(sql`
    SELECT ${TENANT_FACTS}, t.system_secret_hash, t.open_registration
    FROM tenant t WHERE t.id = ${tenantId}::uuid`);
  const isProved = matchesAny(hash, [found?.system_secret_hash ?? null]);
  if (!found) throw refused(null);
  if (!isProved) throw refused({ tenantId, target: null, reason: "WRONG_SECRET" });
  if (isOfOther(found, { tenantSlug })) {
    throw refused({ tenantId, target: null, reason: "OTHER_TENANT" });
  }
  return {
    rights: {
      principal: strangerOf(tenantId),
      roles: [doorRole(found)],
      variables: NO_VARIABLES,
      readOnly: false,
    },
    tenant: tenantOf(found),
    narrowedTo: null,
    dueUse: null,
  };
}

function doorRole({ open_registration }: DoorRow): Role {
  return {
    id: "",
    // As whoever is told what is lacking has it at most.
    name: "anonymous",
    builtIn: null,
    permissions: new Set<string>([...METHODS, ...(open_registration ? ["user::register"] : [])]),
    defaults: new Set(),
  };
}
