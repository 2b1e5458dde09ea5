import type { Rights } from "../authz/rights.ts";
import type { Transaction } from "../db/transaction.ts";
import { findKey, keyState, rightsOfKey } from "./key/find-key.ts";
import { findUser, rightsOfUser } from "./find-user.ts";

/** A key that is named and not presented: what it may build upon, wherever it is accepted. */
export interface NamedKey {
  readonly rights: Rights;
  readonly state: ReturnType<typeof keyState>;
}

/**
 * The rights of a key of the tenant by its id, as whoever presents it would have them; null where the tenant
 * has no such key.
 *
 * It is read by the very statement that reads the credential of a request.
 */
export async function rightsOfNamed(
  transaction: Transaction,
  key: { readonly tenantId: string; readonly keyId: string },
  now: Date,
): Promise<NamedKey | null> {
  const found = await findKey(transaction, key);
  // Every key has a secret.
  if (!found?.secret_hash) return null;
  return { rights: rightsOfKey(found, key.keyId, null), state: keyState(found, now) };
}

/** The rights of a user of the tenant by its id, as its sessions have them; null where the tenant has no such user. */
export async function rightsOfUserNamed(
  transaction: Transaction,
  user: { readonly tenantId: string; readonly userId: string },
): Promise<Rights | null> {
  const found = await findUser(transaction, user);
  return found ? rightsOfUser(found, null) : null;
}
