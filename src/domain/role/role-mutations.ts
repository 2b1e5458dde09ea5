import type { GraphQLSchema } from "graphql";
import type { Role } from "../../db/generated/client.ts";
import { encodeId, newUuid, NIL_UUID } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { requireHeld, rightsOf } from "../../access/delegation.ts";
import { ConflictError, InputError, NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults, storedText } from "../../graphql/input-text.ts";
import { RoleRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import {
  CreateRoleInput,
  DeleteRoleInput,
  type RoleFields,
  roleFaults,
  UpdateRoleInput,
} from "./role-inputs.ts";
import { requireRole, rolesById } from "./role-loaders.ts";

/** The role that a mutation wrote, by its UUID. */
interface WrittenRole {
  readonly roleId: string;
}

const payloadOf = (name: string, what: string) =>
  builder.objectRef<WrittenRole>(name).implement({
    description: `What became of ${what}.`,
    authScopes: () => true,
    fields: (t) => ({
      role: t.field({
        type: RoleRef,
        description: "The role as it is now.",
        resolve: ({ roleId }, _args, context) => rolesById(context).load(roleId),
      }),
    }),
  });

const CreateRolePayload = payloadOf("CreateRolePayload", "a new role");
const UpdateRolePayload = payloadOf("UpdateRolePayload", "a changed role");

const DeleteRolePayload = builder.objectRef<WrittenRole>("DeleteRolePayload").implement({
  description: "What became of a deleted role.",
  authScopes: () => true,
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id that it had.",
      resolve: ({ roleId }) => encodeId("Role", roleId),
    }),
  }),
});

builder.mutationFields((t) => ({
  createRole: t.field({
    type: CreateRolePayload,
    description:
      "Makes a role, of no more than the caller holds. `CONFLICT`: the name is another role's.",
    authScopes: may("role::create"),
    changesRights: true,
    args: {
      input: t.arg({ type: CreateRoleInput, required: true, description: "The role to make." }),
    },
    resolve: (_root, { input }, context, { schema }) => createRole(context, input, schema),
  }),
  updateRole: t.field({
    type: UpdateRolePayload,
    description:
      "Changes a role, by no more than the caller holds; where outside identities claim roles by name, to rename one is to hand it out whole. `administrator` cannot be changed, and no built-in role renamed. `CONFLICT`: the name is another role's.",
    authScopes: may("role::update"),
    changesRights: true,
    args: {
      input: t.arg({
        type: UpdateRoleInput,
        required: true,
        description: "The role to change, and how.",
      }),
    },
    resolve: (_root, { input }, context, { schema }) => updateRole(context, input, schema),
  }),
  deleteRole: t.field({
    type: DeleteRolePayload,
    description: "Deletes a role; keys that hold it no longer do. Built-in roles stay.",
    authScopes: may("role::delete"),
    changesRights: true,
    args: {
      input: t.arg({ type: DeleteRoleInput, required: true, description: "The role to delete." }),
    },
    resolve: (_root, { input }, context) => deleteRole(context, input.id),
  }),
}));

async function createRole(
  context: Context,
  { name, ...fields }: RoleFields & { readonly name: string },
  schema: GraphQLSchema,
): Promise<WrittenRole> {
  const { prisma, tenant } = context;
  if (!tenant) throw new NotFoundError("tenant");
  refuseFaults(roleFaults({ name, ...fields }, null, schema));
  const role = changed(
    {
      tenantId: tenant.id,
      id: newUuid(),
      name,
      description: "",
      builtIn: null,
      permissions: [],
      canRead: false,
      canCreate: false,
      canUpdate: false,
      canDelete: false,
      createdAt: context.now,
    },
    fields,
  );
  await requireHeld(context, { after: rightsOf([roleOf(role)]) });
  await requireFreeName(context, role);
  await prisma.role.create({ data: role, select: { id: true } });
  context.nameTarget(encodeId("Role", role.id));
  return { roleId: role.id };
}

/** Whether the tenant trusts an issuer, whose JWTs can claim roles. */
async function isClaimed({ prisma, tenant }: Context): Promise<boolean> {
  const trusted = await prisma.trustedIssuer.findFirst({
    where: { tenantId: tenant?.id ?? NIL_UUID },
    select: { id: true },
  });
  return trusted !== null;
}

async function updateRole(
  context: Context,
  { id, ...fields }: RoleFields & { readonly id: string },
  schema: GraphQLSchema,
): Promise<WrittenRole> {
  const before = await requireRole(context, id);
  const after = changed(before, fields);
  if (before.builtIn === "ADMINISTRATOR") {
    throw new InputError("The role administrator holds everything there is and cannot be changed.");
  }
  if (before.builtIn && after.name !== before.name) {
    throw new InputError(`The built-in role ${before.name} cannot be renamed.`);
  }
  refuseFaults(roleFaults(fields, before.builtIn, schema));
  // Outside identities claim roles by name: under another one it comes to others, who had nothing of it.
  const isRenamed = after.name !== before.name && (await isClaimed(context));
  await requireHeld(context, {
    before: rightsOf(isRenamed ? [] : [roleOf(before)]),
    after: rightsOf([roleOf(after)]),
  });
  await requireFreeName(context, after);
  const { tenantId, id: roleId, ...data } = after;
  await context.prisma.role.update({
    where: { tenantId_id: { tenantId, id: roleId } },
    data,
    select: { id: true },
  });
  return { roleId };
}

async function deleteRole(context: Context, id: string): Promise<WrittenRole> {
  const { tenantId, id: roleId, name, builtIn } = await requireRole(context, id);
  if (builtIn) throw new InputError(`The built-in role ${name} cannot be deleted.`);
  await context.prisma.role.delete({
    where: { tenantId_id: { tenantId, id: roleId } },
    select: { id: true },
  });
  return { roleId };
}

/** The role with what is said of it; each permission once. */
function changed(role: Role, fields: RoleFields): Role {
  const { permissions, description, ...others } = fields;
  const said = Object.entries(others).filter(([, value]) => value !== null && value !== undefined);
  return {
    ...role,
    ...Object.fromEntries(said),
    ...(typeof description === "string" && { description: storedText(description) }),
    permissions: [...new Set(permissions ?? role.permissions)],
  };
}

async function requireFreeName({ prisma }: Context, { tenantId, id, name }: Role): Promise<void> {
  const taken = await prisma.role.findFirst({
    where: { tenantId, name, id: { not: id } },
    select: { id: true },
  });
  if (taken) throw new ConflictError(`There is a role ${name} already. Choose another name.`);
}
