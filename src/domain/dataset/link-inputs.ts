import { builder } from "../../graphql/builder.ts";

const DESCRIPTIONS = {
  name: "`[a-z][a-z0-9_]{0,62}`, which no other link and no column of the dataset has.",
  label: "The name for people, in up to 200 characters.",
  description: "What it is about, in up to 2,000 characters.",
};

/** A link to add. */
export const AddLinkInput = builder.inputType("AddLinkInput", {
  description: "A link to add, and who may read it.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset whose rows it leads from." }),
    name: t.string({ required: true, description: DESCRIPTIONS.name }),
    label: t.string({ description: `${DESCRIPTIONS.label} The name where it is left out.` }),
    description: t.string({ description: DESCRIPTIONS.description }),
    targetId: t.id({
      required: true,
      description:
        "The dataset whose rows it leads to, which the caller has to know; it may be the same.",
    }),
    many: t.boolean({
      description: "Whether one row may lead to several, up to 1,000. False if not set.",
    }),
    readableBy: t.idList({
      description:
        "The ids of roles: READ on the link is withheld from every other role but `administrator`. It gives nothing to those that are named. Left out or null: nothing is withheld.",
    }),
  }),
});

/** What is to change of a link. */
export const UpdateLinkInput = builder.inputType("UpdateLinkInput", {
  description: "What is to change of a link; what is left out or null stays.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The id of the link." }),
    name: t.string({ description: DESCRIPTIONS.name }),
    label: t.string({ description: DESCRIPTIONS.label }),
    description: t.string({ description: DESCRIPTIONS.description }),
  }),
});

/** A link to remove. */
export const RemoveLinkInput = builder.inputType("RemoveLinkInput", {
  description: "The link to remove.",
  fields: (t) => ({ id: t.id({ required: true, description: "The id of the link." }) }),
});
