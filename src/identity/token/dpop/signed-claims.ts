import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  EmbeddedJWK,
  errors,
  jwtVerify,
  type CryptoKey,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from "jose";

/** How long the text of a proof may be. One of RSA with 4096 bits has about 2,000 characters. */
const MAX_LENGTH = 8_192;

/** The compact form of a JWS. Unsecured ones, without a signature, are refused by their algorithm. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]*$/;

/** The media type of a proof, whose `application/` may be left out (RFC 7515, section 4.1.9). */
const TYPE = /^(application\/)?dpop\+jwt$/i;

/** Asymmetric ones alone: with a secret, whoever can verify can sign as well. */
/** How a proof may be signed (RFC 7518, RFC 8037). */
export const PROOF_ALGORITHMS =
  "ES256 ES384 ES512 Ed25519 EdDSA PS256 PS384 PS512 RS256 RS384 RS512".split(" ");

/** The members of a JWK that are not for others to see (RFC 7518, sections 6.2.2, 6.3.2 and 6.4). */
const PRIVATE = new Set(["d", "p", "q", "dp", "dq", "qi", "oth", "k"]);

/** What may be wrong with a proof before its claims are looked at; with its `exp` or `nbf` too, if it has any. */
export type SignedFault = "MALFORMED" | HeaderFault | "KEY" | "SIGNATURE" | "TIME";
type HeaderFault = "MALFORMED" | "TYPE" | "ALGORITHM";

/** Claims that the holder of a key signed. They are not judged yet, and may be of any type. */
interface SignedClaims {
  readonly claims: JWTPayload;
  readonly thumbprint: string;
}

/** Reads the claims of a proof, once its signature is that of the key in it. */
export async function readSigned(
  proof: string,
  now: Date,
): Promise<SignedClaims | { readonly fault: SignedFault }> {
  const header = headerOf(proof);
  if (!header) return { fault: "MALFORMED" };
  const fault = headerFault(header);
  if (fault) return { fault };
  const key = await publicKeyOf(header);
  if (!key) return { fault: "KEY" };
  try {
    const { payload } = await jwtVerify(proof, key, {
      algorithms: PROOF_ALGORITHMS,
      currentDate: now,
    });
    return { claims: payload, thumbprint: await calculateJwkThumbprint(key) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

function headerOf(proof: string): ProtectedHeaderParameters | null {
  if (proof.length > MAX_LENGTH || !COMPACT_JWS.test(proof)) return null;
  try {
    return decodeProtectedHeader(proof);
  } catch {
    return null;
  }
}

/** No extension is known here, so that whatever a proof declares critical is not understood. */
function headerFault(header: ProtectedHeaderParameters): HeaderFault | null {
  if (Object.hasOwn(header, "crit")) return "MALFORMED";
  if (typeof header.typ !== "string" || !TYPE.test(header.typ)) return "TYPE";
  return PROOF_ALGORITHMS.includes(header.alg ?? "") ? null : "ALGORITHM";
}

/** The key in the header; null where it is none, is not public, or is not of the algorithm. */
async function publicKeyOf(header: ProtectedHeaderParameters): Promise<CryptoKey | null> {
  if (Object.keys(header.jwk ?? {}).some((member) => PRIVATE.has(member))) return null;
  try {
    return await EmbeddedJWK(header);
  } catch {
    return null;
  }
}

/** Keys that can be read and not be used, such as RSA's of less than 2048 bits, are found when they are to verify. */
function faultOf(error: unknown): SignedFault {
  if (error instanceof errors.JWTInvalid) return "MALFORMED";
  if (error instanceof errors.JWTExpired) return "TIME";
  if (error instanceof errors.JWTClaimValidationFailed) return "TIME";
  return error instanceof errors.JOSEError ? "SIGNATURE" : "KEY";
}
