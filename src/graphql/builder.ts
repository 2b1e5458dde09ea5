import SchemaBuilder from "@pothos/core";
import PrismaPlugin from "@pothos/plugin-prisma";
import ScopeAuthPlugin from "@pothos/plugin-scope-auth";
import type PrismaTypes from "../db/pothos-types.ts";
import { getDatamodel } from "../db/pothos-types.ts";
import { AUDIT_PLUGIN } from "./audit-plugin.ts";
import type { Context } from "./context.ts";
import { MUTATION_PLUGIN } from "./mutation-plugin.ts";
import { authScopes, type AuthScopes, unauthorized } from "./scopes.ts";

/**
 * The one schema builder. It knows the plugins and nothing of the domain: type modules import it, and it
 * imports none of them.
 *
 * Fields are nullable unless they say otherwise: a denied field that is not would erase its parent.
 */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  AuthScopes: AuthScopes;
  DefaultAuthStrategy: "all";
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: NonNullable<unknown>; Output: unknown };
    Cell: { Input: NonNullable<unknown>; Output: unknown };
  };
}>({
  // Scope-auth first: what it refuses, nothing else hears of.
  plugins: [ScopeAuthPlugin, MUTATION_PLUGIN, AUDIT_PLUGIN, PrismaPlugin],
  scopeAuth: {
    authScopes,
    defaultStrategy: "all",
    unauthorizedError: (_parent, context, _info, result) => unauthorized(context, result),
  },
  prisma: { client: ({ prisma }) => prisma, dmmf: getDatamodel(), onUnusedQuery: "error" },
});

builder.queryType({
  description: "Where every read starts. A query is answered from one snapshot.",
});
builder.mutationType({
  description:
    "Where every write starts. Each field is a transaction of its own: all of it happens, or nothing.",
});
