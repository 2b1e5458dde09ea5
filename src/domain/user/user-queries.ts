import { UserRef } from "../../access/refs.ts";
import type { User } from "../../db/generated/client.ts";
import { decodeId, encodeId, NIL_UUID } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { requirePermission } from "../../graphql/require-permission.ts";
import { may } from "../../graphql/scopes.ts";
import { emailKey, storedEmail } from "../../identity/login/email.ts";
import { knownUser } from "./user-loaders.ts";

const UserConnection = connectionOf("User", UserRef);

builder.queryFields((t) => ({
  user: t.field({
    type: UserRef,
    description:
      "One user, or null where there is none with this id. `viewer` has the caller's own.",
    authScopes: may("user::get"),
    args: { id: t.arg.id({ required: true, description: "The id of the user." }) },
    resolve: async (_root, { id }, context) => {
      const uuid = decodeId("User", id);
      return uuid === null ? null : await knownUser(context, uuid);
    },
  }),
  users: t.field({
    type: UserConnection,
    description: "The users of the tenant, oldest first.",
    authScopes: may("user::find"),
    args: {
      email: t.arg.string({
        description: "Only those with this address. For whoever holds `user::get_email`.",
      }),
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: (_root, { email, ...args }, context) => usersPage(context, args, email ?? null),
  }),
}));

async function usersPage(context: Context, args: PageArgs, email: string | null) {
  const { prisma, tenant } = context;
  if (email !== null) requirePermission(context, "user::get_email");
  const listed = {
    tenantId: tenant?.id ?? NIL_UUID,
    deletedAt: null,
    ...(email !== null && {
      OR: [{ emailKey: emailKey(email) }, { emailKey: null, email: storedEmail(email) }],
    }),
  };
  return await keysetPage<User>(context, args, {
    scope: `users ${email ?? ""}`,
    place: ({ id }) => encodeId("User", id),
    read: async (take, after) =>
      await prisma.user.findMany({
        where: {
          ...listed,
          ...(after !== null && { id: { gt: decodeId("User", after) ?? NIL_UUID } }),
        },
        orderBy: { id: "asc" },
        take,
      }),
    count: async () => await prisma.user.count({ where: listed }),
  });
}
