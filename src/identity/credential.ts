import type { Claimed } from "../authz/principal.ts";
import { parseKeyText, type KeyText } from "./secret/key-text.ts";
import { type UnprovedClaims, unprovedClaims } from "./jwt/compact-jws.ts";
import type { JwtFault } from "./jwt/jwt-fault.ts";
import type { SecretText } from "./secret/secret-text.ts";
import { accessTokenTexts, sessionTexts } from "./secret/secret-texts.ts";

/** What a request presents to say who it is, unproved. */
export type Credential = Presenting &
  (
    | { readonly kind: "none" }
    | { readonly kind: "key"; readonly key: KeyText }
    | { readonly kind: "session"; readonly session: SecretText }
    | { readonly kind: "token"; readonly token: PresentedToken }
    | { readonly kind: "jwt"; readonly jwt: PresentedJwt }
  );

/** A credential that one look into the tenant can prove: what a JWT says is verified before. */
export type Provable =
  | Exclude<Credential, { readonly kind: "jwt" }>
  | (Presenting & { readonly kind: "outside"; readonly outside: OutsideUser });

/** The user whom a verified JWT is of. */
export interface OutsideUser {
  readonly tenantId: string;
  readonly userId: string;
  readonly claimed: Claimed;
}

interface Presenting {
  /** The tenant that the request names besides. */
  readonly tenantSlug: string | null;
}

/** An access token, and how it is presented. */
export interface PresentedToken extends SecretText {
  readonly text: string;
  readonly scheme: Scheme;
}

/** A JWT of an outside identity provider, with what it says of itself, unproved. */
export interface PresentedJwt extends UnprovedClaims {
  readonly text: string;
}

/** How a credential can stand in `Authorization`. DPoP: besides a proof that the browser holds a key (RFC 9449). */
type Scheme = "Bearer" | "DPoP";

/** What was wrong with a credential that names a tenant which exists. */
export type RefusalReason =
  | "UNKNOWN"
  | "WRONG_SECRET"
  | "EXPIRED"
  | "REVOKED"
  | "OTHER_TENANT"
  /** A session or a JWT whose user was deleted. */
  | "DELETED"
  /** An access token that was not used for too long. */
  | "IDLE"
  /** An access token whose key is expired or revoked. */
  | "KEY_GONE"
  /** An access token that is presented in another way than it is bound by. */
  | "OTHER_BINDING"
  /** An access token that is bound to another browser. */
  | "OTHER_BROWSER"
  /** A proof that was presented before. */
  | "REPLAYED"
  /** A proof that proves nothing, and why. */
  | `PROOF_${string}`
  /** A JWT that proves nothing, and why; or that nothing could be said of without keys that were out of reach. */
  | `JWT_${JwtFault | "UNAVAILABLE"}`;

/** A failed use of a credential, as far as its tenant may know of it. */
export interface Refusal {
  readonly tenantId: string;
  /** The id of the key, session or token, where the tenant has it. */
  readonly target: string | null;
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

/** The header that names the tenant of a request whose credential does not. */
const TENANT_HEADER = "x-fieldgate-tenant";
/** The header that lists exactly the roles to be in effect. */
const ROLES_HEADER = "x-fieldgate-roles";

/** A slug as long as a name may be; a longer one is no tenant's. */
const SLUG = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Finds the one credential of a request: `Authorization: Bearer …`, `Authorization: DPoP …` or `X-API-Key`.
 * What is none of ours can be the JWT of an outside identity provider, which is a bearer.
 *
 * @throws {CredentialError} when there is more than one, or when it cannot be one at all.
 */
export function presentedCredential(headers: Headers): Credential {
  const tenantSlug = headers.get(TENANT_HEADER);
  const key = headers.get("x-api-key");
  const presented = [
    authorized(headers.get("authorization")),
    key === null ? null : { scheme: "Bearer" as const, text: key, isKeyHeader: true },
  ].filter((each) => each !== null);
  const [only] = presented;
  if (only === undefined) return { kind: "none", tenantSlug: knownForm(tenantSlug) };
  if (presented.length > 1) throw new CredentialError("More than one credential.");
  const credential = credentialIn(only);
  return {
    ...credential,
    tenantSlug: credential.kind === "jwt" ? knownForm(tenantSlug) : tenantSlug,
  };
}

interface Presented {
  readonly scheme: Scheme;
  readonly text: string;
  /** Whether it stands in `X-API-Key`, where no JWT does. */
  readonly isKeyHeader: boolean;
}

function credentialIn({ scheme, text, isKeyHeader }: Presented) {
  const token = accessTokenTexts.parse(text);
  if (token) return { kind: "token", token: { ...token, text, scheme } } as const;
  if (scheme !== "Bearer") throw new CredentialError("No access token beside a proof.");
  const key = parseKeyText(text);
  if (key) return { kind: "key", key } as const;
  const session = sessionTexts.parse(text);
  if (session) return { kind: "session", session } as const;
  const unproved = isKeyHeader ? null : unprovedClaims(text);
  if (unproved) return { kind: "jwt", jwt: { ...unproved, text } } as const;
  throw new CredentialError("Malformed or mistyped credential.");
}

/** The names of the roles that the request narrows itself to; null where it does not. */
export function narrowedRoles(headers: Headers): readonly string[] | null {
  const listed = headers.get(ROLES_HEADER);
  return listed === null ? null : listed.split(",").map((name) => name.trim());
}

function authorized(header: string | null): Presented | null {
  if (header === null) return null;
  const [, scheme, text] = /^(Bearer|DPoP) +(\S+)$/i.exec(header) ?? [];
  if (scheme === undefined || text === undefined)
    throw new CredentialError("Authorization is not of the form Bearer <credential>.");
  const isProved = scheme.toLowerCase() === "dpop";
  return { scheme: isProved ? "DPoP" : "Bearer", text, isKeyHeader: false };
}

/** The empty slug is no tenant's, and stands for every slug that cannot be one. */
function knownForm(slug: string | null): string | null {
  return slug === null || SLUG.test(slug) ? slug : "";
}
