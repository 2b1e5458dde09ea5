import type { TrustedIssuer } from "../../db/generated/client.ts";
import { decodeId, encodeId, NIL_UUID } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { may } from "../../graphql/scopes.ts";
import { TrustedIssuerType } from "./issuer.ts";
import { issuersById } from "./issuer-loaders.ts";

const TrustedIssuerConnection = connectionOf("TrustedIssuer", TrustedIssuerType);

builder.queryFields((t) => ({
  trustedIssuer: t.field({
    type: TrustedIssuerType,
    description: "One trusted issuer, or null where there is none with this id.",
    authScopes: may("trusted_issuer::get"),
    args: { id: t.arg.id({ required: true, description: "The id of the trusted issuer." }) },
    resolve: async (_root, { id }, context) => {
      const uuid = decodeId("TrustedIssuer", id);
      return uuid === null ? null : await issuersById(context).load(uuid);
    },
  }),
  trustedIssuers: t.field({
    type: TrustedIssuerConnection,
    description: "The identity providers whose JWTs the tenant accepts, oldest first.",
    authScopes: may("trusted_issuer::find"),
    args: {
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: (_root, args, context) => issuersPage(context, args),
  }),
}));

async function issuersPage(context: Context, args: PageArgs) {
  const { prisma, tenant } = context;
  const listed = { tenantId: tenant?.id ?? NIL_UUID };
  return await keysetPage<TrustedIssuer>(context, args, {
    scope: "trusted issuers",
    place: ({ id }) => encodeId("TrustedIssuer", id),
    read: async (take, after) =>
      await prisma.trustedIssuer.findMany({
        where: {
          ...listed,
          ...(after !== null && { id: { gt: decodeId("TrustedIssuer", after) ?? NIL_UUID } }),
        },
        orderBy: { id: "asc" },
        take,
      }),
    count: async () => await prisma.trustedIssuer.count({ where: listed }),
  });
}
