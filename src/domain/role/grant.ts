import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";
import { ColumnRef, DatasetRef, RoleRef } from "../../access/refs.ts";
import { type KnownGrant, rolesById } from "./role-loaders.ts";

/** Whether a role gives an action on what a grant names. */
export const SettingEnum = builder.enumType("Setting", {
  description: "What a grant says of one action.",
  values: {
    ALLOW: { description: "The role gives it." },
    WITHHOLD: { description: "The role does not give it; another may." },
  } as const,
});

/** The type `Grant`. */
export const GrantRef = builder.objectRef<KnownGrant>("Grant").implement({
  description:
    "A role's override for one dataset or one of its columns. Seen by whoever holds some permission of roles and knows the dataset and the column.",
  authScopes: { anyOf: "role" },
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`.",
      resolve: ({ grant }) => encodeId("Grant", grant.id),
    }),
    role: t.field({
      type: RoleRef,
      description: "The role that it is of.",
      resolve: ({ grant }, _args, context) => rolesById(context).load(grant.roleId),
    }),
    dataset: t.field({
      type: DatasetRef,
      description: "The dataset that it is on, or whose column it is on.",
      resolve: ({ dataset }) => dataset,
    }),
    column: t.field({
      type: ColumnRef,
      description: "The column that it is on; null: the dataset as a whole.",
      resolve: ({ column }) => column,
    }),
    read: t.field({
      type: SettingEnum,
      description: "READ; null: as without the grant.",
      resolve: ({ grant }) => grant.read,
    }),
    create: t.field({
      type: SettingEnum,
      description: "CREATE; null: as without the grant.",
      resolve: ({ grant }) => grant.create,
    }),
    update: t.field({
      type: SettingEnum,
      description: "UPDATE; null: as without the grant.",
      resolve: ({ grant }) => grant.update,
    }),
    delete: t.field({
      type: SettingEnum,
      description: "DELETE, on a dataset alone; null: as without the grant.",
      resolve: ({ grant }) => grant.delete,
    }),
  }),
});
