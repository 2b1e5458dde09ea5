import { encodeId } from "../../db/id.ts";
import type { Transaction } from "../../db/transaction.ts";
import { type Asking, type Caller, isOfOther, refused } from "../caller.ts";
import { tenantOf } from "../stored-tenant.ts";
import type { RefusalReason } from "../credential.ts";
import { isUseDue } from "../credential-use.ts";
import { findKey, type KeyRow, keyState, rightsOfKey } from "./find-key.ts";
import type { KeyText } from "../secret/key-text.ts";
import { matchesAny } from "../secret/secret-text.ts";

/** Proves an API key. @throws {CredentialError} for one that is not accepted. */
export async function identifyKey(
  transaction: Transaction,
  key: KeyText,
  asking: Asking,
): Promise<Caller> {
  const { tenantId, keyId, hash } = key;
  const { narrowedTo, now } = asking;
  const found = await findKey(transaction, key, { hash, now });
  const isProved = matchesAny(hash, [found?.secret_hash ?? null, previousHash(found, now)]);
  if (!found) throw refused(null);
  const reason = reasonToRefuse(found, isProved, asking);
  if (reason !== null) {
    const target = found.secret_hash === null ? null : encodeId("Key", keyId);
    throw refused({ tenantId, target, reason });
  }
  return {
    rights: rightsOfKey(found, keyId, narrowedTo),
    tenant: tenantOf(found),
    narrowedTo,
    dueUse: isUseDue(found.last_used_at, now) ? { kind: "key", tenantId, id: keyId } : null,
  };
}

/** The hash of the secret before the last roll, while its overlap lasts. */
function previousHash(found: KeyRow | undefined, now: Date): Buffer | null {
  const lasts = found?.previous_until && found.previous_until > now;
  return lasts ? found.previous_secret_hash : null;
}

/** Null for a key that is accepted. */
function reasonToRefuse(found: KeyRow, isProved: boolean, asking: Asking): RefusalReason | null {
  if (found.secret_hash === null) return "UNKNOWN";
  if (!isProved) return "WRONG_SECRET";
  const state = keyState(found, asking.now);
  if (state !== "ACTIVE") return state;
  return isOfOther(found, asking) ? "OTHER_TENANT" : null;
}
