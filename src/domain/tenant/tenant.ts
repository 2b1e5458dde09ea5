import { encodeId } from "../../db/id.ts";
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
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When it was made.",
    }),
  }),
});
