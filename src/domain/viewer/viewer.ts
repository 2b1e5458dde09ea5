import type { Client } from "../../authz/principal.ts";
import { permits, type Rights } from "../../authz/rights.ts";
import { builder } from "../../graphql/builder.ts";
import { permissionsOf } from "../../graphql/permissions.ts";
import { PrincipalKindEnum } from "../../graphql/principal-kind.ts";
import { TenantRef, ViewerRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";

const ClientRef = builder.objectRef<Client>("Client").implement({
  description: "For whom an access token acts, as whoever made it calls them.",
  authScopes: may("viewer::get"),
  fields: (t) => ({
    id: t.exposeString("id", {
      description: "The `clientId` of the token, which is no id of ours; null where it has none.",
    }),
    name: t.exposeString("name", {
      description: "The `clientName` of the token; null where it has none.",
    }),
  }),
});

ViewerRef.implement({
  description: "Who the request acts as, and what it may build upon.",
  authScopes: may("viewer::get"),
  fields: (t) => ({
    kind: t.field({
      type: PrincipalKindEnum,
      nullable: false,
      description: "What the request acts as.",
      resolve: ({ principal }) => principal.kind,
    }),
    id: t.id({
      description: "The id of the key, token or user; null for ANONYMOUS.",
      resolve: ({ principal }) => principal.id,
    }),
    name: t.string({
      nullable: false,
      description:
        "The name of the key, also of a token, or of the user; `anonymous` for ANONYMOUS.",
      resolve: ({ principal }) => principal.name,
    }),
    client: t.field({
      type: ClientRef,
      description: "For whom the request acts; null but for an access token that says so.",
      resolve: ({ principal }) => principal.client ?? null,
    }),
    tenant: t.field({
      type: TenantRef,
      description:
        "The tenant of the request; null where it belongs to none. For whoever holds `tenant::get`.",
      authScopes: may("tenant::get"),
      resolve: (_rights, _args, { prisma, tenant }) =>
        tenant && prisma.tenant.findUnique({ where: { id: tenant.id } }),
    }),
    roles: t.stringList({
      nullable: false,
      description: "The names of the roles in effect, after narrowing.",
      resolve: ({ roles }) => roles.map(({ name }) => name).toSorted(),
    }),
    permissions: t.stringList({
      nullable: false,
      description: "The permissions that the roles in effect give, by name.",
      resolve: (rights, _args, _context, { schema }) =>
        permissionsHeld(
          rights,
          permissionsOf(schema).map(({ name }) => name),
        ),
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: ViewerRef,
    description: "Who the request acts as.",
    authScopes: may("viewer::get"),
    resolve: (_root, _args, { rights }) => rights,
  }),
);

/** Of those there are and those of the tenant's own, the permissions that are in effect. */
function permissionsHeld(rights: Rights, all: readonly string[]): string[] {
  const named = rights.roles.flatMap(({ permissions }) => [...permissions]);
  const custom = named.filter((name) => name.startsWith("custom::"));
  return [...new Set([...all, ...custom])].filter((name) => permits(rights, name)).toSorted();
}
