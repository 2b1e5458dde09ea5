import { parseKeyText, type KeyText } from "./key-text.ts";

/** What a request presents to say who it is, unproved. */
export type Credential =
  | { readonly kind: "none"; readonly tenantSlug: string | null }
  | { readonly kind: "key"; readonly key: KeyText; readonly tenantSlug: string | null };

/** What was wrong with a key that names a tenant which exists. */
export type RefusalReason = "UNKNOWN" | "WRONG_SECRET" | "EXPIRED" | "REVOKED" | "OTHER_TENANT";

/** A failed use of a key, as far as its tenant may know of it. */
export interface Refusal {
  readonly tenantId: string;
  /** The key, where the tenant has it. */
  readonly keyId: string | null;
  readonly reason: RefusalReason;
}

/** The caller's fault: what it presented proves nobody. The reason is for the logs alone. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
  /** Null where the credential names no tenant that exists. */
  readonly refusal: Refusal | null;

  constructor(message: string, refusal: Refusal | null = null) {
    super(message);
    this.refusal = refusal;
  }
}

/** The header that names the tenant of a request without a credential. */
const TENANT_HEADER = "x-fieldgate-tenant";
/** The header that lists exactly the roles to be in effect. */
const ROLES_HEADER = "x-fieldgate-roles";

/** A slug as long as a name may be; a longer one is no tenant's. */
const SLUG = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Finds the one credential of a request: `Authorization: Bearer …` or `X-API-Key`.
 *
 * @throws {CredentialError} when there is more than one, or when it cannot be a key at all.
 */
export function presentedCredential(headers: Headers): Credential {
  const tenantSlug = headers.get(TENANT_HEADER);
  const presented = [bearer(headers.get("authorization")), headers.get("x-api-key")];
  const texts = presented.filter((text) => text !== null);
  const [text] = texts;
  if (text === undefined) return { kind: "none", tenantSlug: knownForm(tenantSlug) };
  if (texts.length > 1) throw new CredentialError("More than one credential.");
  const key = parseKeyText(text);
  if (!key) throw new CredentialError("Malformed or mistyped key.");
  return { kind: "key", key, tenantSlug };
}

/** The names of the roles that the request narrows itself to; null where it does not. */
export function narrowedRoles(headers: Headers): readonly string[] | null {
  const listed = headers.get(ROLES_HEADER);
  return listed === null ? null : listed.split(",").map((name) => name.trim());
}

function bearer(header: string | null): string | null {
  if (header === null) return null;
  const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  if (token === undefined)
    throw new CredentialError("Authorization is not of the form Bearer <key>.");
  return token;
}

/** The empty slug is no tenant's, and stands for every slug that cannot be one. */
function knownForm(slug: string | null): string | null {
  return slug === null || SLUG.test(slug) ? slug : "";
}
