import type { Context } from "../graphql/context.ts";
import { NotFoundError, RateLimitedError } from "../graphql/errors.ts";
import { type Attempting, countAttempt } from "../identity/login-attempts.ts";

/** Whose attempt it is, in the tenant and from the address of the request. */
export function attemptIn(
  { tenant, ip }: Context,
  { account, deviceId }: Pick<Attempting, "account" | "deviceId">,
): Attempting {
  if (!tenant) throw new NotFoundError("tenant");
  return { tenantId: tenant.id, account, deviceId, ip };
}

/**
 * Counts an attempt, to be committed before any password of it is hashed.
 *
 * @throws {RateLimitedError} where there were too many, whether or not there is such an account.
 */
export async function requireFewAttempts(context: Context, attempt: Attempting): Promise<void> {
  if (await countAttempt(context.transaction, attempt, context.now)) return;
  throw new RateLimitedError(
    "Too many attempts. Try again in 15 minutes, or from a device that you logged in from before.",
  );
}
