import sql, { empty } from "sql-template-tag";
import { decodeId, encodeId, NIL_UUID } from "../../db/id.ts";
import { hasStatus, type TokenStatus, TOKENS_WITH_KEYS } from "../../db/token-status.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { may } from "../../graphql/scopes.ts";
import { AccessTokenRef, AccessTokenStatusEnum } from "./access-token.ts";
import { type ShownToken, tokensById } from "./access-token-loaders.ts";

const AccessTokenConnection = connectionOf("AccessToken", AccessTokenRef);

builder.queryFields((t) => ({
  accessToken: t.field({
    type: AccessTokenRef,
    description: "One access token, or null where there is none with this id.",
    authScopes: may("access_token::get"),
    args: {
      id: t.arg.id({ required: true, description: "The id of the token, which is not its text." }),
    },
    resolve: async (_root, { id }, context) => {
      const uuid = decodeId("AccessToken", id);
      return uuid === null ? null : await tokensById(context).load(uuid);
    },
  }),
  accessTokens: t.field({
    type: AccessTokenConnection,
    description:
      "The access tokens of the tenant, oldest first; those that ended stay for 30 days after their `expiresAt`.",
    authScopes: may("access_token::find"),
    args: {
      keyId: t.arg.id({ description: "Only those that this key made." }),
      status: t.arg({ type: AccessTokenStatusEnum, description: "Only those of this status." }),
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: (_root, { keyId, status, ...args }, context) =>
      tokensPage(context, args, { keyId: keyId ?? null, status: status ?? null }),
  }),
}));

interface Listed {
  readonly keyId: string | null;
  readonly status: TokenStatus | null;
}

async function tokensPage(context: Context, args: PageArgs, { keyId, status }: Listed) {
  const { transaction, tenant, now } = context;
  const key = keyId === null ? null : (decodeId("Key", keyId) ?? NIL_UUID);
  const listed = sql`
    FROM ${TOKENS_WITH_KEYS} WHERE a.tenant_id = ${tenant?.id ?? NIL_UUID}::uuid
    ${key === null ? empty : sql`AND a.key_id = ${key}::uuid`}
    ${status === null ? empty : sql`AND ${hasStatus(status, now)}`}`;
  return await keysetPage<ShownToken>(context, args, {
    scope: `access tokens ${key ?? ""} ${status ?? ""}`,
    place: ({ id }) => encodeId("AccessToken", id),
    read: async (take, after) => {
      const last = after === null ? NIL_UUID : (decodeId("AccessToken", after) ?? NIL_UUID);
      const found = await transaction.query<{ id: string }>(
        sql`SELECT a.id ${listed} AND a.id > ${last}::uuid ORDER BY a.id LIMIT ${take}`,
      );
      const tokens = await Promise.all(found.map(({ id }) => tokensById(context).load(id)));
      return tokens.filter((token) => token !== null);
    },
    count: async () => {
      const [row] = await transaction.query<{ count: string }>(sql`SELECT count(*) ${listed}`);
      return Number(row?.count ?? 0);
    },
  });
}
