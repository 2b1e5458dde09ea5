import type { Role } from "../../db/generated/client.ts";
import { decodeId, NIL_UUID } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError } from "../../graphql/errors.ts";
import { nameFaults } from "../../graphql/input-text.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { RoleRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { rolesById } from "./role-loaders.ts";

const RoleConnection = connectionOf("Role", RoleRef);

builder.queryFields((t) => ({
  role: t.field({
    type: RoleRef,
    description: "One role, by its id or its name; null where there is none.",
    authScopes: may("role::get"),
    args: {
      id: t.arg.id({ description: "Its id; or else its name." }),
      name: t.arg.string({ description: "Its name; or else its id." }),
    },
    resolve: (_root, { id, name }, context) => findRole(context, id ?? null, name ?? null),
  }),
  roles: t.field({
    type: RoleConnection,
    description: "The roles of the tenant, by name.",
    authScopes: may("role::find"),
    args: {
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: (_root, args, context) => rolesPage(context, args),
  }),
}));

async function findRole(context: Context, id: string | null, name: string | null) {
  if ((id === null) === (name === null)) throw new InputError("Give either an id or a name.");
  if (name !== null) return await roleByName(context, name);
  const uuid = decodeId("Role", id ?? "");
  return uuid === null ? null : await rolesById(context).load(uuid);
}

async function roleByName({ prisma, tenant }: Context, name: string) {
  if (!tenant || nameFaults("name", name).length > 0) return null;
  return await prisma.role.findUnique({
    where: { tenantId_name: { tenantId: tenant.id, name } },
  });
}

async function rolesPage(context: Context, args: PageArgs) {
  const { prisma, tenant } = context;
  const own = { tenantId: tenant?.id ?? NIL_UUID };
  return await keysetPage<Role>(context, args, {
    scope: "roles",
    place: ({ name }) => name,
    read: async (take, after) =>
      await prisma.role.findMany({
        where: { ...own, ...(after !== null && { name: { gt: after } }) },
        orderBy: { name: "asc" },
        take,
      }),
    count: async () => await prisma.role.count({ where: own }),
  });
}
