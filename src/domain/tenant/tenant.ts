import type { AttributeDefinition } from "../../access/user-attributes.ts";
import { encodeId } from "../../db/id.ts";
import { UserAttribute } from "./user-attribute.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";

builder.prismaObject("Tenant", {
  description:
    "The boundary that everything belongs to, and nothing crosses. Seen by whoever holds some permission of tenants.",
  authScopes: { anyOf: "tenant" },
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`.",
      resolve: ({ id }) => encodeId("Tenant", id),
    }),
    slug: t.exposeString("slug", {
      nullable: false,
      description: "What requests without a credential name it by, in `X-Fieldgate-Tenant`.",
    }),
    label: t.exposeString("label", { nullable: false, description: "What people call it." }),
    maxKeyDays: t.exposeInt("mostKeyDays", {
      description:
        "How many days a key that is made from now on lasts at most; null: as long as whoever makes it says.",
    }),
    systemKey: t.string({
      nullable: false,
      description: "What `login` and `registerUser` name the tenant by, besides its secret.",
      resolve: ({ id }) => encodeId("Tenant", id),
    }),
    hasSystemSecret: t.boolean({
      nullable: false,
      description: "Whether a system secret was made: without one nobody logs in.",
      resolve: ({ systemSecretHash }) => systemSecretHash !== null,
    }),
    sessionTtl: t.exposeInt("sessionTtl", {
      nullable: false,
      description: "How long a session lasts that begins from now on, in seconds.",
    }),
    openRegistration: t.exposeBoolean("openRegistration", {
      nullable: false,
      description: "Whether anybody may register who comes by the system key and its secret.",
    }),
    userAttributes: t.field({
      type: [UserAttribute],
      nullable: false,
      description: "What is known of users besides their names, in its order.",
      resolve: ({ userAttributes }) => userAttributes as unknown as AttributeDefinition[],
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When it was made.",
    }),
  }),
});
