import { builder } from "../../graphql/builder.ts";
import { TenantRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { ownTenant } from "./tenant-loaders.ts";

builder.queryField("tenant", (t) =>
  t.field({
    type: TenantRef,
    description: "The tenant of the request; null where it belongs to none.",
    authScopes: may("tenant::get"),
    resolve: (_root, _args, context) => ownTenant(context),
  }),
);
