import { claimAt, type Claims, ownClaim, textOf } from "./claim-at.ts";
import type { ClaimMapping, TrustedIssuer } from "./trusted-issuer.ts";

/**
 * Who an outside identity provider says is calling. A claim that is missing, or not of the form it should have, says
 * nothing: the caller is then known by less, and not refused, since a provider may fill in claims as it likes.
 */
export interface OutsideIdentity {
  /** `sub`: unique with this issuer, and never given to somebody else. */
  readonly subject: string;
  /** `iat`: of two JWTs of one user, the later one is what the provider says by now. */
  readonly issuedAt: Date;
  /** From then on the JWT is refused: the sooner of its `exp` and the end of the age that the tenant accepts. */
  readonly expiresAt: Date;
  /** At most 254 characters, and with an `@`. */
  readonly email: string | null;
  /** Whether the issuer says to have verified {@link email}; it speaks of the claim `email`, and of no other. */
  readonly emailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly organization: string | null;
  /** At most 100, each of the form that the name of a role has; whether there are such roles is not known here. */
  readonly roles: readonly string[];
  /** As JSON, where the claim is there: nothing is known of their types. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** RFC 5321, section 4.5.3.1.3, without the angle brackets. */
const LONGEST_EMAIL = 254;
const LONGEST_NAME = 255;
/** OpenID Connect Core, section 2. */
const LONGEST_SUBJECT = 255;

const MOST_ROLES = 100;
const ROLE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** What proved claims say by the tenant's mapping; null where their `sub` cannot name anybody. */
export function identityOf(claims: Claims, trusted: TrustedIssuer): OutsideIdentity | null {
  const { claims: mapping } = trusted;
  const subject = textOf(ownClaim(claims, "sub"), LONGEST_SUBJECT);
  if (subject === null) return null;
  const email = emailOf(mapped(claims, mapping.email));
  return {
    subject,
    issuedAt: new Date(Number(claims["iat"]) * 1000),
    expiresAt: endOf(claims, trusted),
    email,
    emailVerified: email !== null && email === claims["email"] && claims["email_verified"] === true,
    firstName: textOf(mapped(claims, mapping.firstName), LONGEST_NAME),
    lastName: textOf(mapped(claims, mapping.lastName), LONGEST_NAME),
    organization: textOf(mapped(claims, mapping.organization), LONGEST_NAME),
    roles: rolesOf(mapped(claims, mapping.roles)),
    attributes: attributesOf(claims, mapping),
  };
}

/** The claims hold both times as numbers: this is asked of proved ones alone. */
function endOf({ exp, iat }: Claims, { maxTokenAge }: TrustedIssuer): Date {
  return new Date(Math.min(Number(exp), Number(iat) + maxTokenAge) * 1000);
}

function mapped(claims: Claims, path: string | null): unknown {
  return path === null ? undefined : claimAt(claims, path);
}

function emailOf(claim: unknown): string | null {
  const text = textOf(claim, LONGEST_EMAIL);
  return text !== null && /^[^\s@]+@[^\s@]+$/.test(text) ? text : null;
}

/** Either a list, or text with spaces between the names as `scope` has it (RFC 8693, section 4.2). */
function rolesOf(claim: unknown): readonly string[] {
  const listed: unknown = typeof claim === "string" ? claim.split(" ") : claim;
  const names = Array.isArray(listed) ? listed.filter(isRoleName) : [];
  return [...new Set(names)].slice(0, MOST_ROLES);
}

function isRoleName(name: unknown): name is string {
  return typeof name === "string" && ROLE_NAME.test(name);
}

function attributesOf(claims: Claims, mapping: ClaimMapping): Readonly<Record<string, unknown>> {
  const found = Object.entries(mapping.attributes).map(
    ([name, path]) => [name, claimAt(claims, path)] as const,
  );
  return Object.fromEntries(found.filter(([, claim]) => claim !== undefined));
}
