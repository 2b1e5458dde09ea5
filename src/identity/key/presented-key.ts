import type { Rights } from "../../authz/rights.ts";
import type { Transaction } from "../../db/transaction.ts";
import { CredentialError } from "../credential.ts";
import { identifyKey } from "./identify-key.ts";
import { parseKeyText } from "../secret/key-text.ts";

/**
 * The rights of a key that a caller presents to ask about it; null where it proves nothing to the tenant
 * of the transaction: malformed, unknown, expired, revoked, or of another tenant.
 *
 * It is proved by the very statement that proves the credential of a request, which row-level security
 * holds to the caller's tenant, so that a key of another tenant takes the time of one that never was.
 */
export async function rightsOfPresented(
  transaction: Transaction,
  text: string,
  now: Date,
): Promise<Rights | null> {
  const key = parseKeyText(text);
  if (!key) return null;
  try {
    const asking = { tenantSlug: null, narrowedTo: null, now };
    return (await identifyKey(transaction, key, asking)).rights;
  } catch (error) {
    if (error instanceof CredentialError) return null;
    throw error;
  }
}
