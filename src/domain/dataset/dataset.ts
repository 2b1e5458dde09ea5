import { gives } from "../../authz/access-plan.ts";
import { permits } from "../../authz/rights.ts";
import { encodeId } from "../../db/id.ts";
import { keyColumns } from "../../db/key-columns.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { findNodesOf, Node } from "../../graphql/node.ts";
import { ColumnRef, DatasetRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { columnsKnown } from "./column.ts";
import { AccessLevelEnum } from "./column-types.ts";

findNodesOf("Dataset", async (context, uuid) =>
  permits(context.rights, "dataset::get")
    ? await knownDatasets(context).load({ by: "id", value: uuid })
    : null,
);

DatasetRef.implement({
  description:
    "A table with typed columns. It is known to those to whom some role gives any action on it or on one of its columns or links.",
  authScopes: may("dataset::get"),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`, `dataset`, grants and mutations.",
      resolve: ({ definition }) => encodeId("Dataset", definition.id),
    }),
    name: t.string({
      nullable: false,
      description: "The name, unique in the tenant.",
      resolve: ({ definition }) => definition.name,
    }),
    label: t.string({
      nullable: false,
      description: "The name for people.",
      resolve: ({ definition }) => definition.label,
    }),
    description: t.string({
      nullable: false,
      description: "What the dataset is about; may be empty.",
      resolve: ({ definition }) => definition.description,
    }),
    accessLevel: t.field({
      type: AccessLevelEnum,
      nullable: false,
      description: "Who may reach it without a credential.",
      resolve: ({ definition }) => definition.accessLevel,
    }),
    columns: t.field({
      type: [ColumnRef],
      nullable: { list: false, items: true },
      description: "The columns that the caller knows, in their order.",
      resolve: (dataset) => columnsKnown(dataset),
    }),
    keyColumns: t.stringList({
      nullable: false,
      description:
        "The names of the columns that together tell rows apart, of those that the caller knows.",
      resolve: (dataset) => keysKnown(dataset),
    }),
  }),
});

builder.objectFields(DatasetRef, (t) => ({
  version: t.int({
    description:
      "Counts the changes of the definition, from 1. Null without the permission `dataset::update`, since it also counts changes of columns that the caller may not know.",
    resolve: ({ definition }, _args, context) => (mayUpdate(context) ? definition.version : null),
  }),
  createdAt: t.field({
    type: "DateTime",
    nullable: false,
    description: "When it was made.",
    resolve: ({ definition }) => definition.createdAt,
  }),
  createdBy: t.string({
    nullable: false,
    description: "The id of the principal that made it.",
    resolve: ({ definition }) => definition.createdBy,
  }),
  updatedAt: t.field({
    type: "DateTime",
    description:
      "When its definition was last changed. Null without the permission `dataset::update`.",
    resolve: ({ definition }, _args, context) => (mayUpdate(context) ? definition.updatedAt : null),
  }),
  updatedBy: t.string({
    description:
      "The id of the principal that last changed its definition. Null without the permission `dataset::update`.",
    resolve: ({ definition }, _args, context) => (mayUpdate(context) ? definition.updatedBy : null),
  }),
  auditReads: t.boolean({
    description:
      "Whether whoever reads its rows is logged. Null without the permission `dataset::update`.",
    resolve: ({ definition }, _args, context) =>
      mayUpdate(context) ? definition.auditReads : null,
  }),
}));

builder.objectFields(DatasetRef, (t) => ({
  canRead: t.boolean({
    nullable: false,
    description:
      "Whether a role of the caller gives READ on it, or on some of its columns or links.",
    resolve: ({ plan }) => gives(plan, "READ"),
  }),
  canCreate: t.boolean({
    nullable: false,
    description:
      "Whether a role of the caller gives CREATE on it, or on some of its columns or links.",
    resolve: ({ plan }) => gives(plan, "CREATE"),
  }),
  canUpdate: t.boolean({
    nullable: false,
    description:
      "Whether a role of the caller gives UPDATE on it, or on some of its columns or links.",
    resolve: ({ plan }) => gives(plan, "UPDATE"),
  }),
  canDelete: t.boolean({
    nullable: false,
    description: "Whether a role of the caller gives DELETE on it.",
    resolve: ({ plan }) => gives(plan, "DELETE"),
  }),
}));

function keysKnown(dataset: KnownDataset): string[] {
  return keyColumns(columnsKnown(dataset).map(({ definition }) => definition)).map(
    ({ name }) => name,
  );
}

/** Whether the caller may hear of changes of definitions, which tell of columns that it may not know. */
function mayUpdate({ rights }: Context): boolean {
  return permits(rights, "dataset::update");
}
