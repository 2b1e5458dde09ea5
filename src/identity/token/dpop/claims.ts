import { createHash, timingSafeEqual } from "node:crypto";
import type { JWTPayload } from "jose";

/** For how many milliseconds after it was made a proof is accepted, and so its `jti` is to be remembered. */
export const MAX_AGE_MS = 60_000;

/** By how many milliseconds the clock of whoever makes a proof may be ahead of ours. */
const MAX_AHEAD_MS = 30_000;

/** How many characters `jti` may have. */
const MAX_ID_LENGTH = 512;

/** The request that a proof is to be made for. */
export interface Asked {
  readonly method: string;
  /** The public URL of the endpoint: that which the client sees, whatever stands before us. */
  readonly url: string;
  /** The token that is presented with the proof. */
  readonly token: string;
  readonly now: Date;
  /** The nonces that are accepted; null where none is asked for, and any is. */
  readonly nonces: readonly string[] | null;
}

/** Which of the claims does not fit the request. */
export type ClaimFault = "METHOD" | "URL" | "TIME" | "ID" | "TOKEN" | "NONCE";

/** What is taken from the claims of a proof. */
interface Judged {
  readonly idHash: Buffer;
  readonly issuedAt: Date;
}

/** Compares the claims of a proof to the request (RFC 9449, sections 4.3 and 9). */
export function judgeClaims(
  claims: JWTPayload,
  { method, url, token, now, nonces }: Asked,
): Judged | { readonly fault: ClaimFault } {
  if (claims["htm"] !== method) return { fault: "METHOD" };
  if (!isSameTarget(claims["htu"], url)) return { fault: "URL" };
  const issuedAt = momentOf(claims.iat, now);
  if (!issuedAt) return { fault: "TIME" };
  const idHash = idHashOf(claims.jti);
  if (!idHash) return { fault: "ID" };
  if (!isHashOf(token, claims["ath"])) return { fault: "TOKEN" };
  if (nonces && !nonces.some((nonce) => nonce === claims["nonce"])) return { fault: "NONCE" };
  return { idHash, issuedAt };
}

function isSameTarget(claim: unknown, url: string): boolean {
  const target = typeof claim === "string" ? targetOf(claim) : null;
  return target !== null && target === targetOf(url);
}

/**
 * A URL without query and fragment, as the WHATWG writes it: scheme and host in lower case, no default port, no empty
 * path, no dot segments (RFC 3986, sections 6.2.2 and 6.2.3). Escapes stay as they are spelt.
 */
function targetOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  url.search = "";
  url.hash = "";
  return url.href;
}

/** When a proof was made, of seconds since 1970; null where that is too long ago, or too far ahead. */
function momentOf(claim: unknown, now: Date): Date | null {
  if (typeof claim !== "number") return null;
  const moment = new Date(claim * 1_000);
  const age = now.getTime() - moment.getTime();
  return age <= MAX_AGE_MS && age >= -MAX_AHEAD_MS ? moment : null;
}

function idHashOf(claim: unknown): Buffer | null {
  if (typeof claim !== "string" || claim === "" || claim.length > MAX_ID_LENGTH) return null;
  return createHash("sha256").update(claim).digest();
}

function isHashOf(token: string, claim: unknown): boolean {
  const hash = Buffer.from(createHash("sha256").update(token).digest("base64url"));
  const presented = Buffer.from(typeof claim === "string" ? claim : "");
  return presented.length === hash.length && timingSafeEqual(presented, hash);
}
