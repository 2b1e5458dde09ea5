import type { Reach, Transaction } from "../db/transaction.ts";
import type { Asking, Caller } from "./caller.ts";
import type { Provable } from "./credential.ts";
import { identifyKey } from "./key/identify-key.ts";
import { identifyOutside } from "./outside/identify-outside.ts";
import { identifySession } from "./session/identify-session.ts";
import { identifyAnonymous } from "./identify-stranger.ts";
import { identifyToken } from "./token/identify-token.ts";
import type { Possession } from "./token/possession.ts";

/** How the caller of a request is found: what it presented, and the roles it asked to be cut to. */
export interface Presented {
  readonly credential: Provable;
  readonly narrowedTo: readonly string[] | null;
  /** What is presented besides an access token. */
  readonly possession: Possession;
}

/** What the transaction may reach in which the credential is looked up, and the request answered. */
export function reachOf({ credential }: Pick<Presented, "credential">): Omit<Reach, "mode"> {
  const tenantId = tenantNamed(credential);
  return { role: tenantId === null ? "fieldgate_public" : "fieldgate_member", tenantId };
}

/** The tenant that a credential carries in its text; null where there is none. */
function tenantNamed(credential: Provable): string | null {
  switch (credential.kind) {
    case "none":
      return null;
    case "key":
      return credential.key.tenantId;
    case "session":
      return credential.session.tenantId;
    case "token":
      return credential.token.tenantId;
    case "outside":
      return credential.outside.tenantId;
  }
}

/**
 * Proves the credential in the transaction of the request, and reads the rights it carries.
 *
 * @throws {CredentialError} in the same words to the caller whatever was wrong.
 * @throws {TrustMovedError} for an outside identity that is to be verified anew.
 */
export async function identify(
  transaction: Transaction,
  { credential, narrowedTo, possession }: Presented,
  now: Date,
): Promise<Caller> {
  const asking: Asking = { tenantSlug: credential.tenantSlug, narrowedTo, now };
  switch (credential.kind) {
    case "none":
      return await identifyAnonymous(transaction, asking);
    case "key":
      return await identifyKey(transaction, credential.key, asking);
    case "session":
      return await identifySession(transaction, credential.session, asking);
    case "token":
      return await identifyToken(transaction, { ...credential.token, possession }, asking);
    case "outside":
      return await identifyOutside(transaction, credential.outside, asking);
  }
}
