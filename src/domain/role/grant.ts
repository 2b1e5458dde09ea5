import { writtenFilter } from "../../access/written-filter.ts";
import type { Action } from "../../authz/action.ts";
import { grantOf } from "../../db/dataset-definition.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";
import { ColumnRef, DatasetRef, LinkRef, RoleRef } from "../../access/refs.ts";
import { type KnownGrant, rolesById } from "./role-loaders.ts";

/** Whether a role gives an action on what a grant names. */
export const SettingEnum = builder.enumType("Setting", {
  description: "What a grant says of one action.",
  values: {
    ALLOW: { description: "The role gives it." },
    WITHHOLD: { description: "The role does not give it; another may." },
  } as const,
});

const RowFiltersRef = builder.objectRef<KnownGrant>("RowFilters").implement({
  description: "On which rows a role gives each action, as `setGrant` takes it.",
  authScopes: { anyOf: "role" },
  fields: (t) => ({
    read: t.field({
      type: "JSON",
      description: "The filter of READ, as a `RowFilter`; null: every row.",
      resolve: (grant) => filterOf(grant, "READ"),
    }),
    create: t.field({
      type: "JSON",
      description: "The filter of CREATE, as a `RowFilter`; null: every row.",
      resolve: (grant) => filterOf(grant, "CREATE"),
    }),
    update: t.field({
      type: "JSON",
      description: "The filter of UPDATE, as a `RowFilter`; null: every row.",
      resolve: (grant) => filterOf(grant, "UPDATE"),
    }),
    delete: t.field({
      type: "JSON",
      description: "The filter of DELETE, as a `RowFilter`; null: every row.",
      resolve: (grant) => filterOf(grant, "DELETE"),
    }),
  }),
});

function filterOf({ grant, dataset }: KnownGrant, action: Action) {
  const filter = grantOf(grant).rowFilters[action];
  const { columns } = dataset.definition;
  return filter
    ? writtenFilter(filter, (columnId) => columns.find(({ id }) => id === columnId)?.name ?? "")
    : null;
}

/** The type `Grant`. */
export const GrantRef = builder.objectRef<KnownGrant>("Grant").implement({
  description:
    "A role's override for one dataset, or for one of its columns or links. Seen by whoever holds some permission of roles and knows the dataset, the column or link, and every column that a row filter of it names.",
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
      description: "The dataset that it is on, or whose column or link it is on.",
      resolve: ({ dataset }) => dataset,
    }),
    column: t.field({
      type: ColumnRef,
      description:
        "The column that it is on; null: none, and without a link the dataset as a whole.",
      resolve: ({ column }) => column,
    }),
    link: t.field({
      type: LinkRef,
      description: "The link that it is on; null: none.",
      resolve: ({ link }) => link,
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
    rowFilter: t.field({
      type: RowFiltersRef,
      description:
        "On which rows the role gives each action, wherever it has the right from; null: on every row.",
      resolve: (known) => (known.grant.rowFilters === null ? null : known),
    }),
  }),
});
