import { accessPlan, gives } from "../../authz/access-plan.ts";
import { permitsAny } from "../../authz/rights.ts";
import { datasetDefinitions } from "../../db/dataset-definition.ts";
import type { Role } from "../../db/generated/client.ts";
import { decodeId, newUuid } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import type { Context } from "../../graphql/context.ts";
import { rightsOf } from "../../access/delegation.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import type { KnownColumn, KnownLink } from "../../access/refs.ts";

/**
 * The roles that give READ on a column or link, in the order of their names: of each alone, by the same decision
 * as any read. Null for a caller that may not look at roles.
 */
export async function readersOf(
  context: Context,
  { dataset, definition: field }: KnownColumn | KnownLink,
): Promise<Role[] | null> {
  const { transaction, rights } = context;
  if (!permitsAny(rights, "role")) return null;
  const { tenantId, id } = dataset.definition;
  const roles = await rolesOf(context);
  const roleIds = roles.map((role) => role.id);
  const [definition] = await datasetDefinitions(transaction, tenantId, roleIds, { ids: [id] });
  if (!definition) return null;
  const { accessLevel, grants } = definition;
  const guarded = { datasetId: id, accessLevel, grants, fieldIds: [field.id] };
  return roles.filter((role) => {
    const holder = rightsOf([roleOf(role)]);
    const kind = role.builtIn === "ANONYMOUS" ? "ANONYMOUS" : holder.principal.kind;
    const reader = { ...holder, principal: { ...holder.principal, kind } };
    return gives(accessPlan(reader, guarded), "READ", field.id);
  });
}

/**
 * Withholds READ on a column or link from every role but `administrator` and those that are named.
 *
 * @throws {NotFoundError} for a role that does not exist, and for any to a caller that may not look at
 *   roles.
 */
export async function withholdFromOthers(
  context: Context,
  field: { readonly datasetId: string; readonly columnId?: string; readonly linkId?: string },
  readableBy: readonly string[],
): Promise<void> {
  const roles = await rolesOf(context);
  const kept = new Set(readableBy.map((id) => requireRole(context, roles, id)));
  const others = roles.filter(({ id, builtIn }) => builtIn !== "ADMINISTRATOR" && !kept.has(id));
  await context.prisma.grant.createMany({
    data: others.map(({ id: roleId, tenantId }) => ({
      tenantId,
      id: newUuid(),
      roleId,
      ...field,
      read: "WITHHOLD",
    })),
  });
}

function requireRole({ rights }: Context, roles: readonly Role[], id: string): string {
  const uuid = permitsAny(rights, "role") ? decodeId("Role", id) : null;
  const role = roles.find((each) => each.id === uuid);
  if (!role) throw new NotFoundError("role");
  return role.id;
}

async function rolesOf({ prisma, tenant }: Context): Promise<Role[]> {
  if (!tenant) return [];
  return await prisma.role.findMany({ where: { tenantId: tenant.id }, orderBy: { name: "asc" } });
}
