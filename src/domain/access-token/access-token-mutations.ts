import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { may } from "../../graphql/scopes.ts";
import { AccessTokenRef } from "./access-token.ts";
import { CreateAccessTokenInput, RevokeAccessTokenInput } from "./access-token-inputs.ts";
import { requireToken, tokensById } from "./access-token-loaders.ts";
import { createAccessToken, type MadeToken } from "./create-access-token.ts";

const CreateAccessTokenPayload = builder
  .objectRef<MadeToken>("CreateAccessTokenPayload")
  .implement({
    description: "A new access token, and its text.",
    authScopes: () => true,
    fields: (t) => ({
      accessToken: t.field({
        type: AccessTokenRef,
        description: "The token as it is now.",
        resolve: ({ tokenId }, _args, context) => tokensById(context).load(tokenId),
      }),
      secret: t.exposeString("secret", {
        nullable: false,
        description:
          "The text to present, for the browser. It is shown this once and kept nowhere.",
      }),
    }),
  });

const RevokeAccessTokenPayload = builder
  .objectRef<{ tokenId: string }>("RevokeAccessTokenPayload")
  .implement({
    description: "What became of a revoked access token.",
    authScopes: () => true,
    fields: (t) => ({
      accessToken: t.field({
        type: AccessTokenRef,
        description: "The token as it is now.",
        resolve: ({ tokenId }, _args, context) => tokensById(context).load(tokenId),
      }),
    }),
  });

builder.mutationFields((t) => ({
  createAccessToken: t.field({
    type: CreateAccessTokenPayload,
    description:
      "Makes an access token of the key that asks, for one browser: with no more than the key holds, now and later. It ends unused, in time, and with its key, at once. Keys alone make tokens, and not publishable ones.",
    authScopes: may("access_token::create"),
    args: {
      input: t.arg({
        type: CreateAccessTokenInput,
        required: true,
        description: "The token to make.",
      }),
    },
    resolve: (_root, { input }, context) => createAccessToken(context, input),
  }),
  revokeAccessToken: t.field({
    type: RevokeAccessTokenPayload,
    description:
      "Revokes an access token, at once and for good; revoking it again changes nothing. Whoever revokes the token that they ask with gets `UNAUTHENTICATED` for an answer, and it is done.",
    authScopes: may("access_token::revoke"),
    changesRights: true,
    args: {
      input: t.arg({
        type: RevokeAccessTokenInput,
        required: true,
        description: "The token to revoke.",
      }),
    },
    resolve: (_root, { input }, context) => revokeAccessToken(context, input.id),
  }),
}));

async function revokeAccessToken(context: Context, id: string): Promise<{ tokenId: string }> {
  const token = await requireToken(context, id);
  const { prisma, tenant, now } = context;
  if (tenant && !token.revokedAt) {
    await prisma.accessToken.update({
      where: { tenantId_id: { tenantId: tenant.id, id: token.id } },
      data: { revokedAt: now },
      select: { id: true },
    });
  }
  return { tokenId: token.id };
}
