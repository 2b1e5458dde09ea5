import type { Rights } from "../authz/rights.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";
import { CredentialError, type Refusal } from "./credential.ts";
import type { CredentialUse } from "./credential-use.ts";
import type { TenantRow } from "./stored-tenant.ts";

/** Who is calling, as proved in one transaction, and what that caller may build upon there. */
export interface Caller {
  readonly rights: Rights;
  /** Null for the anonymous principal of no tenant. */
  readonly tenant: TenantFacts | null;
  /** The names of the roles that the caller is narrowed to; null where it is not. */
  readonly narrowedTo: readonly string[] | null;
  /** The credential whose use is to be recorded after the request; null where it was recorded just before. */
  readonly dueUse: CredentialUse | null;
}

/** What a request brings besides its credential. */
export interface Asking {
  /** The tenant that it names; null: none. */
  readonly tenantSlug: string | null;
  /** The names of the roles that it narrows itself to; null where it does not. */
  readonly narrowedTo: readonly string[] | null;
  readonly now: Date;
}

/** Whether a request names a tenant that its credential is not of. */
export function isOfOther(
  { slug }: Pick<TenantRow, "slug">,
  { tenantSlug }: Pick<Asking, "tenantSlug">,
): boolean {
  return tenantSlug !== null && tenantSlug !== slug;
}

/** A credential that is not accepted, for the logs of its tenant where that exists. */
export function refused(refusal: Refusal | null): CredentialError {
  return new CredentialError(
    "Unknown, ended, expired or revoked credential, or one of another tenant.",
    refusal,
  );
}
