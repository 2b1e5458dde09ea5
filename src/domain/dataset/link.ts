import { gives, isFieldKnown } from "../../authz/access-plan.ts";
import { permits } from "../../authz/rights.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { findNodesOf, Node } from "../../graphql/node.ts";
import { DatasetRef, type KnownLink, LinkRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";

/** The links of a dataset that the caller knows, in their order. */
function linksKnown(dataset: KnownDataset): KnownLink[] {
  return dataset.definition.links
    .filter(({ id }) => isFieldKnown(dataset.plan, id))
    .map((definition) => ({ dataset, definition }));
}

/** The link of this UUID; null for one that the caller may not know of, as for one that is not there. */
export async function linkKnown(context: Context, uuid: string): Promise<KnownLink | null> {
  const dataset = await knownDatasets(context).load({ by: "linkId", value: uuid });
  const known = dataset && linksKnown(dataset).find(({ definition }) => definition.id === uuid);
  return known ?? null;
}

findNodesOf("Link", async (context, uuid) =>
  permits(context.rights, "dataset::get") ? await linkKnown(context, uuid) : null,
);

LinkRef.implement({
  description:
    "From the rows of a dataset to those of another, or to others of its own. It is listed for those to whom some role gives any action on it.",
  authScopes: may("dataset::get"),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`, grants and mutations.",
      resolve: ({ definition }) => encodeId("Link", definition.id),
    }),
    dataset: t.field({
      type: DatasetRef,
      description: "The dataset that the link belongs to.",
      resolve: ({ dataset }) => dataset,
    }),
    name: t.string({
      nullable: false,
      description: "The name, unique among the links and columns of the dataset.",
      resolve: ({ definition }) => definition.name,
    }),
    label: t.string({
      nullable: false,
      description: "The name for people.",
      resolve: ({ definition }) => definition.label,
    }),
    description: t.string({
      nullable: false,
      description: "What the link is about; may be empty.",
      resolve: ({ definition }) => definition.description,
    }),
    target: t.field({
      type: DatasetRef,
      description:
        "The dataset whose rows it leads to; null where the caller does not know that dataset.",
      resolve: ({ definition }, _args, context) =>
        knownDatasets(context).load({ by: "id", value: definition.targetId }),
    }),
    many: t.boolean({
      nullable: false,
      description: "Whether one row may lead to several.",
      resolve: ({ definition }) => definition.many,
    }),
  }),
});

builder.objectFields(LinkRef, (t) => ({
  canRead: t.boolean({
    nullable: false,
    description:
      "Whether the caller may read where rows lead, in some of them at least, as far as it sees those rows.",
    resolve: ({ dataset, definition }) => gives(dataset.plan, "READ", definition.id),
  }),
  canCreate: t.boolean({
    nullable: false,
    description: "Whether the caller may set it in some new rows.",
    resolve: ({ dataset, definition }) => gives(dataset.plan, "CREATE", definition.id),
  }),
  canUpdate: t.boolean({
    nullable: false,
    description: "Whether the caller may change it, in some rows at least.",
    resolve: ({ dataset, definition }) => gives(dataset.plan, "UPDATE", definition.id),
  }),
}));

builder.objectFields(DatasetRef, (t) => ({
  links: t.field({
    type: [LinkRef],
    nullable: { list: false, items: true },
    description: "The links that the caller knows, in the order in which they were made.",
    resolve: (dataset) => linksKnown(dataset),
  }),
}));
