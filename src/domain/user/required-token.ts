import { attemptIn } from "../../access/attempts.ts";
import { findOneTimeToken, type FoundToken } from "../../access/one-time-tokens.ts";
import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";

/** An attempt at a token: it is about no account. */
export function attemptOf(
  context: Context,
  { clientIp }: { readonly clientIp?: string | null | undefined },
) {
  return attemptIn(context, { account: null, deviceId: null, purpose: "TOKEN", clientIp });
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
