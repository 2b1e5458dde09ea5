import { attemptIn, clientIpFaults, requireFewAttempts } from "../../access/attempts.ts";
import { findOneTimeToken, type FoundToken } from "../../access/one-time-tokens.ts";
import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";

/**
 * Counts an attempt at a token, which is about no account. To be committed before the token is looked at.
 *
 * @throws {RateLimitedError} where there were too many.
 */
export async function countToken(
  context: Context,
  { clientIp }: { readonly clientIp?: string | null | undefined },
): Promise<void> {
  refuseFaults(clientIpFaults(clientIp));
  const attempt = { account: null, deviceId: null, purpose: "TOKEN", clientIp } as const;
  await requireFewAttempts(context, attemptIn(context, attempt));
}

/**
 * Counts a password that is looked at, or set, by a token that is good. Nobody guesses here besides the attempts of
 * `login`; and whoever has used those up can still set a new one.
 *
 * @throws {RateLimitedError} where there were too many.
 */
export async function requireFewHashes(
  context: Context,
  { tenantId, id, emailKey }: User,
  work: "LOOKED_AT" | "SET",
): Promise<void> {
  const tried =
    work === "SET"
      ? ({ account: `reset ${id}`, purpose: "TOKEN" } as const)
      : ({ account: emailKey ?? id, purpose: "LOGIN" } as const);
  await requireFewAttempts(context, { ...tried, tenantId, deviceId: null, ip: null });
}

const OTHER = "It is mistyped, used, expired or replaced by a later one: ask for another.";

/** @throws {NotFoundError} for a token that proves nothing, whatever is wrong with it. */
export async function requireToken(
  context: Context,
  kind: "PASSWORD" | "EMAIL",
  text: string,
): Promise<{ readonly email: string; readonly user: User }> {
  const { prisma, tenant } = context;
  const found: FoundToken | null = await findOneTimeToken(context, kind, text);
  const user =
    found && tenant
      ? await prisma.user.findFirst({
          where: { tenantId: tenant.id, id: found.user_id, deletedAt: null },
        })
      : null;
  // Whoever reads what is sent to an address that the user has left does not become the user.
  const isLeft = kind === "PASSWORD" && user?.email !== found?.email;
  if (!found || !user || isLeft) throw new NotFoundError("token", OTHER);
  return { email: found.email, user };
}
