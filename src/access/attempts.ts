import { isIP } from "node:net";
import type { Context } from "../graphql/context.ts";
import { NotFoundError, RateLimitedError } from "../graphql/errors.ts";
import { type Attempting, countAttempt } from "../identity/login/login-attempts.ts";

/** An attempt, as whoever speaks for the tenant tells of it. */
export interface Attempt extends Pick<Attempting, "account" | "deviceId" | "purpose"> {
  /** The address of who asks the tenant's own site; that of the request where it is not told. */
  readonly clientIp?: string | null | undefined;
}

/** Whose attempt it is, in the tenant. */
export function attemptIn({ tenant, ip }: Context, { clientIp, ...attempt }: Attempt): Attempting {
  if (!tenant) throw new NotFoundError("tenant");
  return { tenantId: tenant.id, ip: clientIp ?? ip, ...attempt };
}

/** The field of an input that tells who asks the tenant's own site, and what is wrong with it. */
export const CLIENT_IP =
  "The address of who asks your site, which attempts are counted by: without it all that your server asks for come from its own.";

/** What is wrong with such an address. */
export function clientIpFaults(clientIp: string | null | undefined): string[] {
  const isAddress = typeof clientIp !== "string" || isIP(clientIp) !== 0;
  return isAddress ? [] : ["clientIp is an address of IPv4 or IPv6."];
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
