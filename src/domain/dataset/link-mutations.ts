import { builder } from "../../graphql/builder.ts";
import { knownDatasets } from "../../access/known-dataset.ts";
import { DatasetRef, LinkRef, RoleRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { addLink, removeLink, updateLink } from "./change-links.ts";
import { DatasetPayload } from "./dataset-mutations.ts";
import { readersOf } from "./field-readers.ts";
import { linkKnown } from "./link.ts";
import { AddLinkInput, RemoveLinkInput, UpdateLinkInput } from "./link-inputs.ts";

const LinkPayload = builder.objectRef<{ readonly linkId: string }>("LinkPayload").implement({
  description: "What became of a link.",
  authScopes: () => true,
  fields: (t) => ({
    link: t.field({
      type: LinkRef,
      description: "The link as it is now; null for a caller who does not know it.",
      resolve: ({ linkId }, _args, context) => linkKnown(context, linkId),
    }),
    dataset: t.field({
      type: DatasetRef,
      description: "Its dataset; null for a caller who does not know it.",
      resolve: ({ linkId }, _args, context) =>
        knownDatasets(context).load({ by: "linkId", value: linkId }),
    }),
    readableBy: t.field({
      type: [RoleRef],
      nullable: { list: true, items: true },
      description:
        "The roles that give READ on the link, by name. Null without a permission on roles, and for a caller who does not know the link.",
      resolve: async ({ linkId }, _args, context) => {
        const link = await linkKnown(context, linkId);
        return link && (await readersOf(context, link));
      },
    }),
  }),
});

builder.mutationFields((t) => ({
  addLink: t.field({
    type: LinkPayload,
    description:
      "Adds a link to a dataset that the caller knows. Roles read it as they read the dataset, unless `readableBy` withholds it.",
    authScopes: may("link::add"),
    changesRights: true,
    args: {
      input: t.arg({
        type: AddLinkInput,
        required: true,
        description: "The link to add, from where and to where.",
      }),
    },
    resolve: async (_root, { input }, context) => ({ linkId: await addLink(context, input) }),
  }),
  updateLink: t.field({
    type: LinkPayload,
    description: "Changes how a link that the caller knows is called, and what is said of it.",
    authScopes: may("link::update"),
    args: {
      input: t.arg({
        type: UpdateLinkInput,
        required: true,
        description: "The link to change, and how.",
      }),
    },
    resolve: async (_root, { input }, context) => ({ linkId: await updateLink(context, input) }),
  }),
  removeLink: t.field({
    type: DatasetPayload,
    description:
      "Removes a link that the caller knows, so that no row leads anywhere by it any more, and the grants on it. The rows stay.",
    authScopes: may("link::remove"),
    args: {
      input: t.arg({
        type: RemoveLinkInput,
        required: true,
        description: "The link to remove.",
      }),
    },
    resolve: async (_root, { input }, context) => ({
      datasetId: await removeLink(context, input.id),
    }),
  }),
}));
