import type { GraphQLSchema } from "graphql";
import type { BuiltIn } from "../../authz/role.ts";
import { looks } from "../../authz/rights.ts";
import { builder } from "../../graphql/builder.ts";
import { LONGEST, nameFaults, textFaults } from "../../graphql/input-text.ts";
import { isPermission, permissionsOf } from "../../graphql/permissions.ts";
import { suggestionsAmong } from "../../graphql/suggestions.ts";

/** What can be said of a role; null and undefined: nothing. */
export interface RoleFields {
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly permissions?: readonly string[] | null | undefined;
  readonly canRead?: boolean | null | undefined;
  readonly canCreate?: boolean | null | undefined;
  readonly canUpdate?: boolean | null | undefined;
  readonly canDelete?: boolean | null | undefined;
}

const NAMES = {
  name: "`[a-z][a-z0-9_]{0,62}`, unique in the tenant.",
  description: "What it is for, in up to 2,000 characters.",
  permissions:
    "The methods that it may call, as `permissions` lists them, and `custom::…` names of the tenant's own. The whole list.",
  canRead: "Whether it gives READ where no grant of it says otherwise.",
  canCreate: "Whether it gives CREATE where no grant of it says otherwise.",
  canUpdate: "Whether it gives UPDATE where no grant of it says otherwise.",
  canDelete: "Whether it gives DELETE where no grant of it says otherwise.",
} as const;

/** The input of `createRole`. */
export const CreateRoleInput = builder.inputType("CreateRoleInput", {
  description: "A new role. What is left out is empty or off.",
  fields: (t) => ({
    name: t.string({ required: true, description: NAMES.name }),
    description: t.string({ description: NAMES.description }),
    permissions: t.stringList({ description: NAMES.permissions }),
    canRead: t.boolean({ description: NAMES.canRead }),
    canCreate: t.boolean({ description: NAMES.canCreate }),
    canUpdate: t.boolean({ description: NAMES.canUpdate }),
    canDelete: t.boolean({ description: NAMES.canDelete }),
  }),
});

/** The input of `updateRole`. */
export const UpdateRoleInput = builder.inputType("UpdateRoleInput", {
  description: "What is to change of a role; what is left out or null stays.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which role." }),
    name: t.string({ description: NAMES.name }),
    description: t.string({ description: NAMES.description }),
    permissions: t.stringList({ description: NAMES.permissions }),
    canRead: t.boolean({ description: NAMES.canRead }),
    canCreate: t.boolean({ description: NAMES.canCreate }),
    canUpdate: t.boolean({ description: NAMES.canUpdate }),
    canDelete: t.boolean({ description: NAMES.canDelete }),
  }),
});

/** The input of `deleteRole`. */
export const DeleteRoleInput = builder.inputType("DeleteRoleInput", {
  description: "A role to delete.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which role." }),
  }),
});

/** Everything that is wrong with what is said of a role of this kind. */
export function roleFaults(
  fields: RoleFields,
  builtIn: BuiltIn | null,
  schema: GraphQLSchema,
): string[] {
  return [
    ...nameFaults("name", fields.name),
    ...textFaults("description", fields.description, { most: LONGEST.description }),
    ...permissionFaults(fields.permissions ?? [], schema),
    ...(builtIn === "ANONYMOUS" ? publicFaults(fields) : []),
  ];
}

function permissionFaults(permissions: readonly string[], schema: GraphQLSchema): string[] {
  const suggest = suggestionsAmong(permissionsOf(schema).map(({ name }) => name));
  return permissions
    .filter((name) => !isPermission(schema, name))
    .map((name) => {
      const said = JSON.stringify(name.slice(0, 63));
      return name.startsWith("custom::")
        ? `${said} is no permission: after custom:: come 1 to 128 of a-z, 0-9, _, ., : and -.`
        : `There is no permission ${said}.${suggest(name)} \`permissions\` lists them all.`;
    });
}

/** The public looks, at nothing that belongs to keys or the log, and writes nothing. */
function publicFaults({ permissions, ...defaults }: RoleFields): string[] {
  const writing = [...(permissions ?? [])].filter(
    (name) => !looks(name) || /^(key|event)::/.test(name),
  );
  const writes = defaults.canCreate || defaults.canUpdate || defaults.canDelete;
  return [
    ...writing.map((name) => `Whoever presents no credential cannot hold ${name}.`),
    ...(writes ? ["Whoever presents no credential can be given READ alone."] : []),
  ];
}
