import { encodeId } from "../../db/id.ts";
import type { Transaction } from "../../db/transaction.ts";
import { type Asking, type Caller, refused } from "../caller.ts";
import { tenantOf } from "../stored-tenant.ts";
import { CredentialError, type OutsideUser } from "../credential.ts";
import { findOutside, outsideState, rightsOfOutside } from "./find-outside.ts";

/** The issuer is no longer trusted as it was when the JWT was verified. It is to be verified anew; if that is of no use, it is not accepted. */
export class TrustMovedError extends CredentialError {}

/**
 * Proves the user of a verified JWT: whether the user, the roles claimed and the trust in the issuer are still there.
 *
 * @throws {TrustMovedError} where the issuer was changed or distrusted since the JWT was verified.
 * @throws {CredentialError} for a user that is not accepted.
 */
export async function identifyOutside(
  transaction: Transaction,
  outside: OutsideUser,
  { narrowedTo, now }: Asking,
): Promise<Caller> {
  const { tenantId, userId } = outside;
  const found = await findOutside(transaction, outside);
  if (!found) throw refused(null);
  const target = encodeId("User", userId);
  if (!found.is_trusted) {
    const refusal = { tenantId, target, reason: "JWT_ISSUER" } as const;
    throw new TrustMovedError("The issuer was changed or distrusted.", refusal);
  }
  const state = outsideState(found, outside, now);
  if (state !== "ACTIVE") throw refused({ tenantId, target, reason: state });
  const rights = rightsOfOutside(found, outside, narrowedTo);
  return { rights, tenant: tenantOf(found), narrowedTo, dueUse: null };
}
