import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";
import { RoleRef } from "../../access/refs.ts";
import { rolesOfKeys } from "./key-loaders.ts";
import { keyStatus } from "./key-status.ts";

/** Whether a key is accepted. */
export const KeyStatusEnum = builder.enumType("KeyStatus", {
  description: "Whether a key is accepted.",
  values: {
    ACTIVE: { description: "It is." },
    EXPIRED: { description: "Its time has passed." },
    REVOKED: { description: "It was revoked, for good." },
  } as const,
});

builder.prismaObject("ApiKey", {
  name: "Key",
  description:
    "An API key, without its secret, which is shown once and not kept. Seen by whoever holds some permission of keys.",
  authScopes: { anyOf: "key" },
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id; it stays when the key is rolled.",
      resolve: ({ id }) => encodeId("Key", id),
    }),
    name: t.exposeString("name", { nullable: false, description: "What it is called." }),
    status: t.field({
      type: KeyStatusEnum,
      nullable: false,
      description: "Whether it is accepted.",
      resolve: (key, _args, { now }) => keyStatus(key, now),
    }),
    publishable: t.exposeBoolean("publishable", {
      nullable: false,
      description: "Whether it may be shown in a browser, and holds READ rights only.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      description: "From when on it is refused; null: never.",
    }),
    overlapUntil: t.field({
      type: "DateTime",
      description:
        "Until when the secret before the last roll is accepted besides; null: it is not. Rolling the key again ends that.",
      resolve: ({ previousUntil }, _args, { now }) =>
        previousUntil !== null && previousUntil > now ? previousUntil : null,
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When it was made.",
    }),
    createdBy: t.exposeString("createdBy", {
      nullable: false,
      description: "The id of the principal that made it; `operator`: the command line.",
    }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      description: "When it was last accepted, to within ten seconds; null: not yet.",
    }),
    roles: t.field({
      type: [RoleRef],
      description: "The roles that it holds, by name. For whoever holds some permission of roles.",
      authScopes: { anyOf: "role" },
      resolve: ({ id }, _args, context) => rolesOfKeys(context).load(id),
    }),
  }),
});
