import { judgeClaims, type Asked, type ClaimFault } from "./claims.ts";
import { readSigned, type SignedFault } from "./signed-claims.ts";

/** What a DPoP proof that was accepted says. */
export interface Proof {
  /** The SHA-256 thumbprint of the public key (RFC 7638), base64url: what tokens are bound to. */
  readonly thumbprint: string;
  /** SHA-256 of the proof's `jti`: what its replay is told by. */
  readonly idHash: Buffer;
  readonly issuedAt: Date;
}

/** What was wrong with a DPoP proof: the first thing that was found. */
export type ProofFault = "MISSING" | SignedFault | ClaimFault;

/**
 * Verifies the DPoP proof of a request (RFC 9449, section 4.3): that whoever sent it holds the key in it, and made it
 * for this request and this token, now.
 *
 * It does not tell whether the token is bound to that key, nor whether the proof was seen before.
 *
 * @param proof The DPoP header; null where there is none. That of a request with two such headers joins them with
 *   a comma, and is malformed.
 * @returns A fault where the proof is not accepted, whatever is in it: nothing is thrown.
 */
export async function verifyProof(
  proof: string | null,
  asked: Asked,
): Promise<Proof | { readonly fault: ProofFault }> {
  if (proof === null) return { fault: "MISSING" };
  const signed = await readSigned(proof, asked.now);
  if ("fault" in signed) return signed;
  const judged = judgeClaims(signed.claims, asked);
  return "fault" in judged ? judged : { thumbprint: signed.thumbprint, ...judged };
}
