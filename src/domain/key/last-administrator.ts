import type { ApiKey } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError } from "../../graphql/errors.ts";

/**
 * The keys that keep a tenant from being locked: they hold `administrator`, may write, and no passing of
 * time ends them.
 */
const LASTING = {
  revokedAt: null,
  expiresAt: null,
  publishable: false,
  roles: { some: { role: { builtIn: "ADMINISTRATOR" } } },
} as const;

/**
 * Refuses to lose the last key by which the tenant can always be administered.
 *
 * Whoever changes keys changes rights, so that of two who each would leave one key to the other only one
 * commits, and the second sees what the first has left.
 *
 * @throws {ConflictError} when no other such key is left.
 */
export async function requireAnotherAdministrator(
  { prisma }: Context,
  { tenantId, id }: ApiKey,
): Promise<void> {
  const lasting = await prisma.apiKey.findMany({
    where: { ...LASTING, tenantId },
    select: { id: true },
    take: 2,
  });
  if (lasting.length === 1 && lasting[0]?.id === id) {
    throw new ConflictError(
      "This is the last key that holds administrator, may write and never expires. Make another one first; where the tenant limits how long keys last, on the command line.",
    );
  }
}
