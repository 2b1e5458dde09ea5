import { requireHeld } from "../../access/delegation.ts";
import { requireAnotherAdministrator } from "../../access/last-administrator.ts";
import { requireRoles } from "../../access/named-roles.ts";
import { useUpAllTokens } from "../../access/one-time-tokens.ts";
import { UserRef } from "../../access/refs.ts";
import { rightsOfRoles } from "../../access/user-rights.ts";
import { signatureOf } from "../../authz/principal.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { may } from "../../graphql/scopes.ts";
import { endSessions } from "./ended-sessions.ts";
import { updateUser, type WrittenUser } from "./update-user.ts";
import { AssignRolesInput, DeleteUserInput, UpdateUserInput } from "./user-inputs.ts";
import { knownUser, requireUser, rolesOfUsers } from "./user-loaders.ts";

const payloadOf = (name: string, what: string) =>
  builder.objectRef<WrittenUser>(name).implement({
    description: `What became of ${what}.`,
    authScopes: () => true,
    fields: (t) => ({
      user: t.field({
        type: UserRef,
        description: "The user as it is now.",
        resolve: ({ userId }, _args, context) => knownUser(context, userId),
      }),
    }),
  });

const UpdateUserPayload = payloadOf("UpdateUserPayload", "a changed user");
const AssignRolesPayload = payloadOf("AssignRolesPayload", "a user that was given roles");

const DeleteUserPayload = builder.objectRef<WrittenUser>("DeleteUserPayload").implement({
  description: "What became of a deleted user.",
  authScopes: () => true,
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id that it had.",
      resolve: ({ userId }) => encodeId("User", userId),
    }),
  }),
});

builder.mutationFields((t) => ({
  updateUser: t.field({
    type: UpdateUserPayload,
    description:
      "Changes what is known of a user; the address and the attributes need permissions of their own. `CONFLICT`: the address is another user's.",
    authScopes: may("user::update"),
    changesRights: true,
    args: {
      input: t.arg({
        type: UpdateUserInput,
        required: true,
        description: "The user to change, and how.",
      }),
    },
    resolve: (_root, { input }, context) => updateUser(context, input),
  }),
  deleteUser: t.field({
    type: DeleteUserPayload,
    description:
      "Deletes a user with everything that is known of it; its sessions end at once, and an outside identity that it was found by is refused from then on. `CONFLICT`: it is the last key or user that holds administrator. Whoever deletes itself gets `UNAUTHENTICATED` for an answer, and it is done.",
    authScopes: may("user::delete"),
    changesRights: true,
    args: {
      input: t.arg({ type: DeleteUserInput, required: true, description: "The user to delete." }),
    },
    resolve: (_root, { input }, context) => deleteUser(context, input.id),
  }),
  assignRoles: t.field({
    type: AssignRolesPayload,
    description:
      "Gives a user roles in place of those that it has, of no more than the caller holds; they are in effect at its next request. `CONFLICT`: it is the last key or user that holds administrator.",
    authScopes: may("user::assign_roles"),
    changesRights: true,
    args: {
      input: t.arg({
        type: AssignRolesInput,
        required: true,
        description: "The user and its roles.",
      }),
    },
    resolve: (_root, { input }, context) => assignRoles(context, input),
  }),
}));

/** The most roles of a user. */
const MOST_ROLES = 100;

async function deleteUser(context: Context, id: string): Promise<WrittenUser> {
  const { prisma, now, rights } = context;
  const user = await requireUser(context, id);
  await requireAnotherAdministrator(context, user.id);
  const { tenantId, id: userId } = user;
  await prisma.userRole.deleteMany({ where: { tenantId, userId } });
  await useUpAllTokens(context, userId);
  // They are told of for as long as others that were ended, as whose and from where no longer.
  await endSessions(context, user);
  await prisma.userSession.updateMany({ where: { tenantId, userId }, data: { ip: null } });
  await prisma.user.update({
    where: { tenantId_id: { tenantId, id: userId } },
    data: {
      email: null,
      emailKey: null,
      emailVerified: false,
      passwordHash: null,
      firstName: "",
      lastName: "",
      organization: "",
      attributes: {},
      deletedAt: now,
      updatedAt: now,
      updatedBy: signatureOf(rights.principal),
    },
    select: { id: true },
  });
  return { userId };
}

async function assignRoles(
  context: Context,
  { userId: id, roleIds }: { readonly userId: string; readonly roleIds: readonly string[] },
): Promise<WrittenUser> {
  const { prisma } = context;
  refuseFaults(roleIds.length > MOST_ROLES ? [`roleIds names at most ${MOST_ROLES} roles.`] : []);
  const { tenantId, id: userId } = await requireUser(context, id);
  const roles = await requireRoles(context, roleIds);
  const before = await rolesOfUsers(context).load(userId);
  await requireHeld(context, { before: rightsOfRoles(before), after: rightsOfRoles(roles) });
  const isLosing = !roles.some(({ builtIn }) => builtIn === "ADMINISTRATOR");
  if (isLosing) await requireAnotherAdministrator(context, userId);
  await prisma.userRole.deleteMany({ where: { tenantId, userId } });
  await prisma.userRole.createMany({
    data: roles.map(({ id: roleId }) => ({ tenantId, userId, roleId })),
  });
  rolesOfUsers(context).clear(userId);
  return { userId };
}
