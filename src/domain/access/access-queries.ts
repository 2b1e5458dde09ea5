import type { GraphQLSchema } from "graphql";
import { permits } from "../../authz/rights.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { type Permission, isPermission, permissionsOf } from "../../graphql/permissions.ts";
import { requirePermission } from "../../graphql/require-permission.ts";
import { may } from "../../graphql/scopes.ts";

const PermissionRef = builder.objectRef<Permission>("Permission").implement({
  description: "The right to call one method.",
  authScopes: may("permission::find"),
  fields: (t) => ({
    name: t.exposeString("name", {
      nullable: false,
      description: "`resource::action`, as roles hold it.",
    }),
    description: t.exposeString("description", {
      nullable: false,
      description: "What the method does.",
    }),
  }),
});

const CheckAccessResult = builder.objectRef<{ hasAccess: boolean }>("CheckAccessResult").implement({
  description: "The answer of `checkAccess`, and nothing of the key.",
  authScopes: () => true,
  fields: (t) => ({
    hasAccess: t.exposeBoolean("hasAccess", {
      nullable: false,
      description: "Whether the permission is held.",
    }),
  }),
});

builder.queryFields((t) => ({
  permissions: t.field({
    type: [PermissionRef],
    description:
      "Every permission there is, by name. Besides these a role can hold `custom::…` names of the tenant's own.",
    authScopes: may("permission::find"),
    resolve: (_root, _args, _context, { schema }) => [...permissionsOf(schema)],
  }),
  checkAccess: t.field({
    type: CheckAccessResult,
    description:
      "Whether the caller, or a key that is presented, holds a permission. False for a permission that does not exist, and for a key that is foreign, unknown, expired or revoked.",
    authScopes: may("access::check"),
    args: {
      permission: t.arg.string({ required: true, description: "Its name." }),
      key: t.arg.string({
        description:
          "The text of a key to ask about, which needs the permission `key::check_access`; null: the caller.",
      }),
    },
    resolve: async (_root, { permission, key }, context, { schema }) => ({
      hasAccess:
        typeof key === "string"
          ? await presentedHas(context, key, permission, schema)
          : isPermission(schema, permission) && permits(context.rights, permission),
    }),
  }),
}));

async function presentedHas(
  context: Context,
  key: string,
  permission: string,
  schema: GraphQLSchema,
): Promise<boolean> {
  requirePermission(context, "key::check_access");
  const rights = await context.others.rightsOfKey(key);
  if (!rights) {
    const attempt = { name: "access::check", target: null, reason: "UNAUTHENTICATED" };
    context.notes.add({ ...attempt, outcome: "FAILED" });
  }
  return rights !== null && isPermission(schema, permission) && permits(rights, permission);
}
