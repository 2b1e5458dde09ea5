import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";

/** Ends the sessions of a user. @param but The UUID of one that goes on; null: none does. */
export async function endSessions(
  { prisma, now }: Context,
  { tenantId, id }: Pick<User, "tenantId" | "id">,
  but: string | null = null,
): Promise<void> {
  await prisma.userSession.updateMany({
    where: { tenantId, userId: id, endedAt: null, ...(but !== null && { id: { not: but } }) },
    data: { endedAt: now },
  });
}
