import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { emailKey } from "../../identity/login/email.ts";

/** Whether another user of the tenant logs in by an address. */
export async function isAnothers(
  { prisma }: Context,
  { tenantId, id }: Pick<User, "tenantId" | "id">,
  email: string,
): Promise<boolean> {
  const other = await prisma.user.findFirst({
    where: { tenantId, emailKey: emailKey(email), id: { not: id } },
    select: { id: true },
  });
  return other !== null;
}
