import { isFieldKnown } from "../../authz/access-plan.ts";
import { type Condition, restrictionOf } from "../../authz/restriction.ts";
import type { TokenStatus } from "../../db/token-status.ts";
import { encodeId } from "../../db/id.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { DatasetRef, KeyRef, RoleRef } from "../../access/refs.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { Node } from "../../graphql/node.ts";
import { ConditionOperatorEnum, TokenBindingEnum } from "./access-token-inputs.ts";
import { keysOfTokens, rolesOfTokens, type ShownToken } from "./access-token-loaders.ts";

/** The type `AccessTokenStatus`. */
export const AccessTokenStatusEnum = builder.enumType("AccessTokenStatus", {
  description: "Whether an access token is accepted from the browser that it is bound to.",
  values: {
    ACTIVE: { description: "It is." },
    EXPIRED: { description: "The time has passed that it was made for." },
    IDLE: { description: "It was not used for too long." },
    REVOKED: { description: "It was revoked, for good." },
    KEY_GONE: { description: "The key that made it is expired or revoked." },
  } satisfies Record<TokenStatus, object>,
});

/** A condition on what the caller knows. */
interface KnownCondition {
  readonly condition: Condition;
  readonly dataset: KnownDataset;
  readonly column: string;
}

const TokenConditionRef = builder.objectRef<KnownCondition>("TokenCondition").implement({
  description: "What rows of a dataset have to be for an access token.",
  authScopes: { anyOf: "access_token" },
  fields: (t) => ({
    dataset: t.field({
      type: DatasetRef,
      description: "The dataset whose rows it is about. For whoever holds `dataset::get`.",
      resolve: ({ dataset }) => dataset,
    }),
    column: t.exposeString("column", { nullable: false, description: "The name of the column." }),
    op: t.field({
      type: ConditionOperatorEnum,
      nullable: false,
      description: "How the cell is compared.",
      resolve: ({ condition }) => condition.by,
    }),
    value: t.field({
      type: "Cell",
      nullable: false,
      description: "What it is compared with; numbers as text.",
      resolve: ({ condition }) => condition.operand,
    }),
    set: t.boolean({
      nullable: false,
      description: "Whether a new row is given a value there where a call gives none.",
      resolve: ({ condition }) => condition.set !== null,
    }),
    setValue: t.field({
      type: "Cell",
      description: "That value; null where there is none.",
      resolve: ({ condition }) => condition.set,
    }),
  }),
});

/** The type `AccessToken`. */
export const AccessTokenRef = builder.objectRef<ShownToken>("AccessToken").implement({
  description:
    "What a key made for one browser, without its text, which is shown once and not kept. Seen by whoever holds some permission of access tokens, until 30 days after its `expiresAt`.",
  authScopes: { anyOf: "access_token" },
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`; it is not the text that is presented.",
      resolve: ({ id }) => encodeId("AccessToken", id),
    }),
    key: t.field({
      type: KeyRef,
      description:
        "The key that made it, without which it is nothing. For whoever holds some permission of keys.",
      authScopes: { anyOf: "key" },
      resolve: ({ keyId }, _args, context) => keysOfTokens(context).load(keyId),
    }),
    binding: t.expose("binding", {
      type: TokenBindingEnum,
      nullable: false,
      description: "How it is bound to a browser.",
    }),
    bound: t.exposeBoolean("isBound", {
      nullable: false,
      description: "Whether a browser has used it, to which it is bound since.",
    }),
    status: t.expose("status", {
      type: AccessTokenStatusEnum,
      nullable: false,
      description: "Whether it is accepted from there.",
    }),
    roles: t.field({
      type: [RoleRef],
      description:
        "The roles that it carries: of those that its key holds now. For whoever holds some permission of roles.",
      authScopes: { anyOf: "role" },
      resolve: ({ roleIds }, _args, context) => rolesOf(context, roleIds),
    }),
    conditions: t.field({
      type: [TokenConditionRef],
      nullable: { list: false, items: true },
      description:
        "What rows have to be for it: of its conditions those on columns that the caller knows.",
      resolve: (token, _args, context) => conditionsKnown(context, token),
    }),
    datasets: t.field({
      type: [DatasetRef],
      description:
        "The datasets that it reaches at most, of those that the caller knows; null where it is restricted to none. For whoever holds `dataset::get`.",
      resolve: (token, _args, context) => datasetsReached(context, token),
    }),
    clientId: t.exposeString("clientId", {
      description: "For whom it acts; null where it does not say.",
    }),
    clientName: t.exposeString("clientName", {
      description: "What that one is called; null where it does not say.",
    }),
    idleSeconds: t.exposeInt("idleSeconds", {
      nullable: false,
      description: "After how many seconds without a use it ends.",
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When it was made.",
    }),
    createdBy: t.exposeString("createdBy", {
      nullable: false,
      description: "The id of the principal that made it, which is the key.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: false,
      description: "When it ends in any case.",
    }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      description: "When it was last accepted, to within ten seconds; null: not yet.",
    }),
    revokedAt: t.expose("revokedAt", {
      type: "DateTime",
      description: "When it was revoked; null: it was not.",
    }),
  }),
});

async function rolesOf(context: Context, ids: readonly string[]) {
  const roles = await Promise.all(ids.map((id) => rolesOfTokens(context).load(id)));
  const found = roles.filter((role) => role !== null);
  return found.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

async function conditionsKnown(
  context: Context,
  { conditions }: ShownToken,
): Promise<KnownCondition[]> {
  const kept = (conditions ?? []) as readonly Condition[];
  const known = await Promise.all(kept.map((condition) => conditionKnown(context, condition)));
  return known.filter((condition) => condition !== null);
}

async function conditionKnown(
  context: Context,
  condition: Condition,
): Promise<KnownCondition | null> {
  const { datasetId, columnId } = condition;
  const dataset = await knownDatasets(context).load({ by: "id", value: datasetId });
  const column = dataset?.definition.columns.find(({ id }) => id === columnId);
  if (!dataset || !column || !isFieldKnown(dataset.plan, columnId)) return null;
  return { condition, dataset, column: column.name };
}

async function datasetsReached(
  context: Context,
  { conditions, datasetIds }: ShownToken,
): Promise<KnownDataset[] | null> {
  const restriction = restrictionOf(conditions, datasetIds);
  if (!restriction) return null;
  const ids = [...restriction.keys()];
  const known = await Promise.all(
    ids.map((value) => knownDatasets(context).load({ by: "id", value })),
  );
  return known.filter((dataset) => dataset !== null);
}
