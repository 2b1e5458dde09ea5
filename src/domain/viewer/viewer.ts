import { builder } from "../../graphql/builder.ts";
import { may } from "../../graphql/scopes.ts";
import type { Rights } from "../../authz/rights.ts";

const Viewer = builder.objectRef<Rights>("Viewer").implement({
  description: "Who the request acts as, and what it may build upon.",
  authScopes: may("viewer::get"),
  fields: (t) => ({
    id: t.string({ description: "The id of the key; null for ANONYMOUS.", resolve: ({ principal }) => principal.id }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: Viewer,
    description: "Who the request acts as.",
    authScopes: may("viewer::get"),
    resolve: (_root, _args, { rights }) => rights,
  }),
);
