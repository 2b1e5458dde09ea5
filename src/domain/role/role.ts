import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";
import { GrantRef } from "./grant.ts";
import { knownGrants } from "./role-loaders.ts";

const BuiltInEnum = builder.enumType("BuiltInRole", {
  description: "The roles that every tenant has.",
  values: {
    ANONYMOUS: { description: "Whoever presents no credential." },
    AUTHENTICATED: {
      description: "For those who only look; no key holds it unless it is given it.",
    },
    ADMINISTRATOR: { description: "Everything there is, also after an upgrade." },
  } as const,
});

builder.prismaObject("Role", {
  description:
    "A named bundle of permissions, default data rights and grants. Seen by whoever holds some permission of roles.",
  authScopes: { anyOf: "role" },
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`, `role`, grants and mutations.",
      resolve: ({ id }) => encodeId("Role", id),
    }),
    name: t.exposeString("name", {
      nullable: false,
      description: "The name, unique in the tenant; what `X-Fieldgate-Roles` lists.",
    }),
    description: t.exposeString("description", {
      nullable: false,
      description: "What it is for.",
    }),
    builtIn: t.expose("builtIn", {
      type: BuiltInEnum,
      description: "Which of the roles that every tenant has; null: one of the tenant's own.",
    }),
    permissions: t.exposeStringList("permissions", {
      nullable: false,
      description: "The methods that it may call. Empty for the administrator, which may call all.",
    }),
    canRead: t.exposeBoolean("canRead", {
      nullable: false,
      description:
        "Whether it gives READ where no grant of it says otherwise. Off for the administrator, which needs none.",
    }),
    canCreate: t.exposeBoolean("canCreate", {
      nullable: false,
      description:
        "Whether it gives CREATE where no grant of it says otherwise. Off for the administrator, which needs none.",
    }),
    canUpdate: t.exposeBoolean("canUpdate", {
      nullable: false,
      description:
        "Whether it gives UPDATE where no grant of it says otherwise. Off for the administrator, which needs none.",
    }),
    canDelete: t.exposeBoolean("canDelete", {
      nullable: false,
      description:
        "Whether it gives DELETE where no grant of it says otherwise. Off for the administrator, which needs none.",
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When it was made.",
    }),
    grants: t.field({
      type: [GrantRef],
      description:
        "Its overrides, oldest first, without those on a dataset, column or link that the caller does not know.",
      resolve: ({ id }, _args, context) => knownGrants(context, id),
    }),
  }),
});
