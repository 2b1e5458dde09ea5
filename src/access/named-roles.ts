import type { Role } from "../db/generated/client.ts";
import { decodeId } from "../db/id.ts";
import type { Context } from "../graphql/context.ts";
import { NotFoundError } from "../graphql/errors.ts";

/**
 * The roles that an argument names, each once, in one statement.
 *
 * @throws {NotFoundError} when one does not exist in the tenant, whichever.
 */
export async function requireRoles(
  { prisma, tenant }: Context,
  ids: readonly string[],
): Promise<Role[]> {
  const uuids = [...new Set(ids.map((id) => decodeId("Role", id)))];
  const named = uuids.filter((uuid) => uuid !== null);
  const found = tenant
    ? await prisma.role.findMany({ where: { tenantId: tenant.id, id: { in: named } } })
    : [];
  if (found.length !== uuids.length) throw new NotFoundError("role");
  return found;
}
