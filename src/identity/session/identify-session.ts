import { encodeId } from "../../db/id.ts";
import type { Transaction } from "../../db/transaction.ts";
import { type Asking, type Caller, isOfOther, refused } from "../caller.ts";
import { tenantOf } from "../stored-tenant.ts";
import type { RefusalReason } from "../credential.ts";
import { isUseDue } from "../credential-use.ts";
import { findSession, type SessionRow, sessionState } from "./find-session.ts";
import { rightsOfUser } from "../find-user.ts";
import { matchesAny, type SecretText } from "../secret/secret-text.ts";

/** Proves the session of a user. @throws {CredentialError} for one that is not accepted. */
export async function identifySession(
  transaction: Transaction,
  session: SecretText,
  asking: Asking,
): Promise<Caller> {
  const { tenantId, id, hash } = session;
  const { narrowedTo, now } = asking;
  const found = await findSession(transaction, session, hash);
  const isProved = matchesAny(hash, [found?.secret_hash ?? null]);
  if (!found) throw refused(null);
  const reason = reasonToRefuse(found, isProved, asking);
  if (reason !== null) {
    const target = found.secret_hash === null ? null : encodeId("Session", id);
    throw refused({ tenantId, target, reason });
  }
  return {
    rights: rightsOfUser(found, narrowedTo),
    tenant: tenantOf(found),
    narrowedTo,
    dueUse: isUseDue(found.last_used_at, now) ? { kind: "session", tenantId, id } : null,
  };
}

/** Null for a session that is accepted. */
function reasonToRefuse(
  found: SessionRow,
  isProved: boolean,
  asking: Asking,
): RefusalReason | null {
  if (found.secret_hash === null) return "UNKNOWN";
  if (!isProved) return "WRONG_SECRET";
  const state = sessionState(found, asking.now);
  if (state !== "ACTIVE") return state;
  return isOfOther(found, asking) ? "OTHER_TENANT" : null;
}
