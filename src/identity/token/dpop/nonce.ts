import { createHmac } from "node:crypto";

/**
 * The nonces that a DPoP proof may carry at a moment (RFC 9449, section 9): that of the current period, which clients
 * are given, and that of the one before, so that none ends while it is on its way.
 *
 * They follow from the key and the clock, so that every process which has the key accepts what another gave out, and
 * none is stored.
 *
 * @param key The tenant's own; whoever has it can make proofs for times to come.
 * @param seconds How long a period is. A nonce is accepted for one to two of them.
 */
export function noncesAt(
  key: Buffer,
  now: Date,
  seconds: number,
): readonly [current: string, previous: string] {
  const period = Math.floor(now.getTime() / (seconds * 1_000));
  return [nonceOf(key, period), nonceOf(key, period - 1)];
}

function nonceOf(key: Buffer, period: number): string {
  const named = JSON.stringify(["DPoP nonce", period]);
  return createHmac("sha256", key).update(named).digest("base64url");
}
