import { RoleRef } from "../../access/refs.ts";
import { writtenFilter } from "../../access/written-filter.ts";
import type { Source } from "../../authz/branch.ts";
import type { Gate, Missing } from "../../authz/missing.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { findNode, Node } from "../../graphql/node.ts";
import type { Explanation, Step, ToldFilter } from "./explanation.ts";
import { grantIds } from "./grant-loaders.ts";

const AccessGate = builder.enumType("AccessGate", {
  description: "What a request has to pass.",
  values: {
    RESTRICTION: {
      description: "The credential: whether it is accepted, and whether it can do more than look.",
    },
    PERMISSION: { description: "Some role has the permission of the method." },
    DATA: { description: "Some role gives the action on the dataset, the column or the row." },
  } satisfies Partial<Record<Gate, object>>,
});

const AccessSource = builder.enumType("AccessSource", {
  description: "Where the word is found by which a role gives something or does not.",
  values: {
    ADMINISTRATOR: { description: "The role is `administrator`, which gives everything." },
    COLUMN_GRANT: {
      value: "FIELD_GRANT",
      description:
        "A grant of the role on the column; where no column is asked about, its grants on columns and links.",
    },
    DATASET_GRANT: { description: "A grant of the role on the dataset." },
    OPEN_DATASET: { description: "The dataset is OPEN, and the role that of the public." },
    DEFAULT: { description: "What the role gives where no grant of it says otherwise." },
  } satisfies Record<Exclude<Source, "FIELD_GRANT"> | "COLUMN_GRANT", object>,
});

const MissingAccess = builder.objectRef<Missing>("MissingAccess").implement({
  description:
    "What is missing, as `extensions.missing` of the error says that is its consequence.",
  authScopes: () => true,
  fields: (t) => ({
    gate: t.field({
      type: AccessGate,
      nullable: false,
      description: "The gate that asks for it.",
      resolve: ({ gate }) => gate as "DATA",
    }),
    name: t.exposeString("name", {
      nullable: false,
      description: "The permission, or the action and the name of what it is lacking on.",
    }),
  }),
});

const AccessStep = builder.objectRef<Step>("AccessStep").implement({
  description:
    "What one role says at one gate, or what stands there whatever the roles. A gate that roles have to pass is passed if one of them passes it.",
  authScopes: () => true,
  fields: (t) => ({
    gate: t.expose("gate", {
      type: AccessGate,
      nullable: false,
      description: "The gate that it stands at.",
    }),
    name: t.exposeString("name", {
      nullable: false,
      description: "What is asked for there: a permission, or a right such as `READ movies.title`.",
    }),
    passed: t.exposeBoolean("passed", {
      description:
        "Whether it is given; of a row that is asked about, on that row. Null where that depends on cells of it that the caller may not read.",
    }),
    text: t.exposeString("text", { nullable: false, description: "The step, for people." }),
    roleName: t.string({
      description: "The name of the role; null where the step is that of none.",
      resolve: ({ role }) => role?.name ?? null,
    }),
    role: t.field({
      type: RoleRef,
      description: "The role itself, for whoever holds some permission of roles; null for others.",
      resolve: async ({ role }, _args, context) =>
        role && ((await findNode(context, encodeId("Role", role.id))) as never),
    }),
    source: t.expose("source", {
      type: AccessSource,
      description: "By what word the role gives it or not; null where it is a permission of roles.",
    }),
    grant: t.field({
      type: Node,
      description:
        "The `Grant` that decided, for whoever may see it; null for others, and where it was none or several.",
      resolve: async ({ grant }, _args, context) => {
        const id = grant && (await grantIds(context).load(grant));
        return id && (await findNode(context, encodeId("Grant", id)));
      },
    }),
    rowFilter: t.field({
      type: "JSON",
      description:
        "On which rows the role gives it, as `setGrant` takes it; null: on every row, or on none. For whoever holds `access::explain` or some permission of roles, and knows every column that it names; null for others.",
      resolve: ({ filter }) => filter && written(filter),
    }),
  }),
});

function written({ filter, dataset }: ToldFilter) {
  const names = new Map(dataset.definition.columns.map(({ id, name }) => [id, name]));
  return writtenFilter(filter, (columnId) => names.get(columnId) ?? "");
}

/** The type `AccessExplanation`. */
export const AccessExplanation = builder.objectRef<Explanation>("AccessExplanation").implement({
  description: "Whether something is allowed, and how that came about.",
  authScopes: () => true,
  fields: (t) => ({
    allowed: t.exposeBoolean("allowed", {
      description:
        "Whether it is allowed; of a dataset or a column, in some rows at least. Null where that depends on cells of the row that the caller may not read.",
    }),
    why: t.exposeString("why", { nullable: false, description: "The reason, for people." }),
    missing: t.field({
      type: MissingAccess,
      description: "The first thing that is missing; null where nothing is.",
      resolve: ({ missing }) => missing,
    }),
    steps: t.field({
      type: [AccessStep],
      nullable: false,
      description: "What every role in effect says at every gate, in the order of the gates.",
      resolve: ({ steps }) => [...steps],
    }),
  }),
});
