import type { Database } from "../../db/database.ts";
import { encodeId } from "../../db/id.ts";
import { inTransaction } from "../../db/transaction.ts";
import { bindToken, rememberProof, type TokenId } from "./bind-token.ts";
import { setCookie } from "./browser-cookie.ts";
import { refused } from "../caller.ts";
import { CredentialError } from "../credential.ts";
import { identify, type Presented } from "../identify.ts";
import { FirstUseError } from "./identify-token.ts";
import type { Possession } from "./possession.ts";
import type { PresentedPossession } from "./presented-possession.ts";

/** What a request leaves behind of the browser that it comes from, and what its answer says. */
export interface Possessing {
  readonly database: Database;
  readonly now: Date;
  /** The headers that the answer gets besides its own. */
  readonly answer: Headers;
}

/**
 * Remembers the proof that a token is presented with, and binds the token to the key that made it where this is its
 * first use: once for a request, before its snapshot, and only for a token that is accepted otherwise.
 *
 * @throws {CredentialError} for a token that is not accepted, and for a proof that was presented before.
 */
export async function possessByProof(
  presented: Presented,
  { possession, nonce }: PresentedPossession,
  parts: Possessing,
): Promise<void> {
  if (possession.binding !== "DPOP" || presented.credential.kind !== "token") return;
  const { token } = presented.credential;
  try {
    await keepProof(presented, token, possession, parts);
  } catch (error) {
    const isNonce = error instanceof CredentialError && error.refusal?.reason === "PROOF_NONCE";
    if (isNonce) parts.answer.set("WWW-Authenticate", 'DPoP error="use_dpop_nonce"');
    if (isNonce && nonce !== null) parts.answer.set("DPoP-Nonce", nonce);
    throw error;
  }
  if (nonce !== null) parts.answer.set("DPoP-Nonce", nonce);
}

async function keepProof(
  presented: Presented,
  token: TokenId,
  { hash, proof }: Extract<Possession, { binding: "DPOP" }>,
  { database, now }: Possessing,
): Promise<void> {
  const { tenantId, id } = token;
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  await inTransaction(database, reach, async (transaction) => {
    const isFirst = await isFirstUse(() => identify(transaction, presented, now));
    if (hash === null || proof === null) throw new Error("A proof with a fault was accepted.");
    if (!(await rememberProof(transaction, token, proof, now))) {
      throw refused({ tenantId, target: encodeId("AccessToken", id), reason: "REPLAYED" });
    }
    if (isFirst) await bindToken(transaction, token, { hash, now });
  });
}

async function isFirstUse(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof FirstUseError) return true;
    throw error;
  }
}

/**
 * Begins something with a credential. Where that is a token which no browser has used, it is bound to the one that
 * presents it before, in a transaction of its own, and the answer gives that its cookie.
 *
 * Whoever comes second finds it bound, and is refused as any other browser is.
 */
export async function withFirstUse<Begun>(
  { credential, possession }: Presented,
  { database, now, answer }: Possessing,
  open: () => Promise<Begun>,
): Promise<Begun> {
  try {
    return await open();
  } catch (error) {
    const isFirst = error instanceof FirstUseError && credential.kind === "token";
    if (!isFirst || possession.binding !== "COOKIE") throw error;
    const { tenantId } = credential.token;
    const { hash, made } = possession;
    const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
    const isBound = await inTransaction(database, reach, (transaction) =>
      bindToken(transaction, credential.token, { hash, now }),
    );
    if (isBound && made !== null) answer.append("Set-Cookie", setCookie(made));
    return await open();
  }
}
