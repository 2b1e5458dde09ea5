import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import sql from "sql-template-tag";
import { permitsAny } from "../../authz/rights.ts";
import type { Role, User } from "../../db/generated/client.ts";
import { decodeId, encodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { allForEach, oneForEach } from "../../graphql/for-each-key.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** Users by id; null for one that does not exist in the tenant, or was deleted. */
export const usersById = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, User | null>(async (ids) => {
      const found = tenant
        ? await prisma.user.findMany({
            where: { tenantId: tenant.id, id: { in: [...ids] }, deletedAt: null },
          })
        : [];
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/** The roles that users were given, by name. */
export const rolesOfUsers = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Role[]>(async (userIds) => {
      const held = tenant
        ? await prisma.userRole.findMany({
            where: { tenantId: tenant.id, userId: { in: [...userIds] } },
            include: { role: true },
            orderBy: { role: { name: "asc" } },
          })
        : [];
      return allForEach(userIds, held, ({ userId }) => userId).map((roles) =>
        roles.map(({ role }) => role),
      );
    }),
);

/** Whether the caller is this user. */
export function isSelf({ id }: { readonly id: string }, { rights }: Context): boolean {
  return rights.principal.kind === "SESSION" && rights.principal.id === encodeId("User", id);
}

/** The user that the caller is; null of any other caller. */
export async function ownUser(context: Context): Promise<User | null> {
  const { kind, id } = context.rights.principal;
  const uuid = kind === "SESSION" ? decodeId("User", id ?? "") : null;
  return uuid === null ? null : await usersById(context).load(uuid);
}

/** A user by its UUID, as far as the caller may know of it: itself, or with some permission of users. */
export async function knownUser(context: Context, uuid: string): Promise<User | null> {
  const mayKnow = permitsAny(context.rights, "user") || isSelf({ id: uuid }, context);
  return mayKnow ? await usersById(context).load(uuid) : null;
}

/**
 * Has whoever writes a user besides wait until the transaction ends: what is read of it from now on stays so. What
 * changes rights needs it not, since nothing commits beside it by what was.
 */
export async function lockUser(context: Context, uuid: string): Promise<void> {
  const { transaction, tenant } = context;
  await transaction.query(sql`
    SELECT u.id FROM app_user u
    WHERE u.tenant_id = ${tenant?.id}::uuid AND u.id = ${uuid}::uuid FOR UPDATE`);
  usersById(context).clear(uuid);
}

/**
 * The user that an argument names.
 *
 * @throws {NotFoundError} for one that does not exist in the tenant.
 */
export async function requireUser(context: Context, id: string): Promise<User> {
  const uuid = decodeId("User", id);
  const user = uuid && (await usersById(context).load(uuid));
  if (!user) throw new NotFoundError("user");
  return user;
}

findNodesOf("User", knownUser);
