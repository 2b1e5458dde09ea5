import { encodeId } from "../../db/id.ts";
import type { Transaction } from "../../db/transaction.ts";
import { type Asking, type Caller, isOfOther, refused } from "../caller.ts";
import { tenantOf } from "../stored-tenant.ts";
import type { PresentedToken, RefusalReason } from "../credential.ts";
import { isUseDue } from "../credential-use.ts";
import { findToken, rightsOfToken, type TokenRow, tokenState } from "./find-token.ts";
import type { Possession } from "./possession.ts";
import { matchesAny } from "../secret/secret-text.ts";

/** A token that is accepted and that no browser has used: it is to be bound to the one that presents it. */
export class FirstUseError extends Error {
  override readonly name = "FirstUseError";
}

/**
 * Proves an access token.
 *
 * @param possession What the browser presents besides.
 * @throws {FirstUseError} for one that is bound to no browser yet.
 * @throws {CredentialError} for one that is not accepted.
 */
export async function identifyToken(
  transaction: Transaction,
  token: PresentedToken & { readonly possession: Possession },
  asking: Asking,
): Promise<Caller> {
  const { tenantId, id, hash, possession } = token;
  const { narrowedTo, now } = asking;
  const found = await findToken(transaction, token, hash);
  const isProved = matchesAny(hash, [found?.secret_hash ?? null]);
  if (!found) throw refused(null);
  const reason = reasonToRefuse(found, { isProved, possession }, asking);
  if (reason !== null) {
    const target = found.secret_hash === null ? null : encodeId("AccessToken", id);
    throw refused({ tenantId, target, reason });
  }
  if (found.bound_to === null) throw new FirstUseError("The token is bound to no browser yet.");
  return {
    rights: rightsOfToken(found, narrowedTo),
    tenant: tenantOf(found),
    narrowedTo,
    dueUse: isUseDue(found.last_used_at, now) ? { kind: "token", tenantId, id } : null,
  };
}

interface Proof {
  readonly isProved: boolean;
  readonly possession: Possession;
}

/** Null for a token that is accepted, or would be if it were bound. */
function reasonToRefuse(
  found: TokenRow,
  { isProved, possession }: Proof,
  asking: Asking,
): RefusalReason | null {
  if (found.secret_hash === null) return "UNKNOWN";
  if (!isProved) return "WRONG_SECRET";
  const state = tokenState(found, asking.now);
  if (state !== "ACTIVE") return state;
  if (isOfOther(found, asking)) return "OTHER_TENANT";
  if (possession.binding !== found.binding) return "OTHER_BINDING";
  if (possession.fault !== null) return possession.fault;
  if (found.bound_to === null) return null;
  const isHeld = possession.hash !== null && matchesAny(possession.hash, [found.bound_to]);
  return isHeld ? null : "OTHER_BROWSER";
}
