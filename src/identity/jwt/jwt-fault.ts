import { errors } from "jose";
import { type Claims, ownClaim } from "./claim-at.ts";
import { SIGNATURE_ALGORITHMS } from "./trusted-issuer.ts";

/** Why a JWT is refused. For the logs alone: the caller learns no more than that it is. */
export type JwtFault =
  /** It is no signed JWT, or asks to be understood in a way that is not (`crit`). */
  | "MALFORMED"
  /** It is a JWT for something else than to say who calls, or only with a proof that a bearer does not have. */
  | "TYPE"
  /** It is signed in a way that the issuer is not trusted with. */
  | "ALGORITHM"
  /** The issuer has no key of that name and kind. */
  | "KEY"
  | "SIGNATURE"
  | "ISSUER"
  | "AUDIENCE"
  /** Its `exp` is past. */
  | "EXPIRED"
  /** Its `nbf` or `iat` is yet to come. */
  | "NOT_YET"
  /** Its `iat` is longer ago than the tenant accepts. */
  | "TOO_OLD"
  /** Its `sub` is missing, empty, too long or no text. */
  | "SUBJECT"
  /** One of its times is missing or no number. */
  | "CLAIMS";

/** The types of JWTs that say who calls: those of OpenID Connect, which have none or this, and RFC 9068. */
const TYPES: ReadonlySet<unknown> = new Set(["jwt", "at+jwt"]);

/** What is wrong with the header, before any key is looked for; null for nothing. */
export function headerFault(header: Claims, algorithms: readonly string[]): JwtFault | null {
  const type = ownClaim(header, "typ");
  if (type !== undefined && !TYPES.has(mediaType(type))) return "TYPE";
  const algorithm = ownClaim(header, "alg");
  const isTrusted = algorithms.some(
    (one) => one === algorithm && SIGNATURE_ALGORITHMS.includes(one),
  );
  return isTrusted ? null : "ALGORITHM";
}

/** RFC 7515, section 4.1.9: in either case, and `application/` is understood. */
function mediaType(type: unknown): unknown {
  return typeof type === "string" ? type.toLowerCase().replace(/^application\//, "") : type;
}

/**
 * Whether the claims are those of something else than a bearer: a security event, such as a logout (RFC 8417), which
 * need not say so in its header; or a token bound to a key, whose holder would have to prove it (RFC 7800).
 */
export function isOfOtherKind(claims: Claims): boolean {
  return Object.hasOwn(claims, "events") || Object.hasOwn(claims, "cnf");
}

/**
 * What jose found wrong.
 *
 * @throws what is no verdict on the JWT.
 */
export function faultOf(error: unknown): JwtFault {
  if (error instanceof errors.JWSSignatureVerificationFailed) return "SIGNATURE";
  if (error instanceof errors.JWTExpired) return error.claim === "iat" ? "TOO_OLD" : "EXPIRED";
  if (error instanceof errors.JWTClaimValidationFailed) return claimFault(error);
  if (error instanceof errors.JOSEAlgNotAllowed) return "ALGORITHM";
  if (MALFORMED.some((kind) => error instanceof kind)) return "MALFORMED";
  throw error;
}

const MALFORMED = [errors.JWSInvalid, errors.JWTInvalid, errors.JOSENotSupported];

const FAULT_OF_CLAIM: Readonly<Record<string, JwtFault>> = {
  iss: "ISSUER",
  aud: "AUDIENCE",
  sub: "SUBJECT",
};

function claimFault({ claim, reason }: errors.JWTClaimValidationFailed): JwtFault {
  // Of the times, those that are there and numbers can only be too early: what is past is another error.
  return FAULT_OF_CLAIM[claim] ?? (reason === "check_failed" ? "NOT_YET" : "CLAIMS");
}
