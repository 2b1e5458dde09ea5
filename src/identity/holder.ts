import type { Principal } from "../authz/principal.ts";
import type { Reach, Transaction } from "../db/transaction.ts";
import { CredentialError } from "./credential.ts";
import { findKey, keyState, rightsOfKey } from "./find-key.ts";
import { type Caller, identifyStranger, tenantOf } from "./identify.ts";

/** Whose rights something has that was promised to a caller, as they are when it is done. */
export interface Holder {
  readonly tenantId: string;
  readonly principalKind: Principal["kind"];
  /** The UUID of the key, where it is one's. */
  readonly keyId: string | null;
  readonly narrowedTo: readonly string[] | null;
}

/** What the transaction may reach in which something is done for a holder. */
export function reachOfHolder({ tenantId, keyId }: Holder): Omit<Reach, "mode"> {
  return { role: keyId === null ? "fieldgate_public" : "fieldgate_member", tenantId };
}

/**
 * Reads the rights of a holder as whoever presents the same credential would have them now.
 *
 * @throws {CredentialError} for a key that is not accepted any more.
 */
export async function identifyHolder(
  transaction: Transaction,
  { tenantId, principalKind, keyId, narrowedTo }: Holder,
  now: Date,
): Promise<Caller> {
  if (principalKind === "ANONYMOUS") return await identifyStranger(transaction, narrowedTo);
  const found = keyId === null ? undefined : await findKey(transaction, { tenantId, keyId });
  if (!found?.secret_hash || keyId === null || keyState(found, now) !== "ACTIVE") {
    throw new CredentialError("The key is gone, expired or revoked.");
  }
  const rights = rightsOfKey(found, keyId, narrowedTo);
  return { rights, tenant: tenantOf(found), narrowedTo, dueUse: null };
}
