import type { ApiKey } from "../../db/generated/client.ts";
import { decodeId, encodeId, NIL_UUID } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { KeyRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { KeyStatusEnum } from "./key.ts";
import { keysById } from "./key-loaders.ts";
import { type KeyStatus, whereStatus } from "./key-status.ts";

const KeyConnection = connectionOf("Key", KeyRef);

builder.queryFields((t) => ({
  key: t.field({
    type: KeyRef,
    description: "One API key, or null where there is none with this id.",
    authScopes: may("key::get"),
    args: {
      id: t.arg.id({ required: true, description: "The id of the key, which is not its text." }),
    },
    resolve: async (_root, { id }, context) => {
      const uuid = decodeId("Key", id);
      return uuid === null ? null : await keysById(context).load(uuid);
    },
  }),
  keys: t.field({
    type: KeyConnection,
    description: "The API keys of the tenant, oldest first.",
    authScopes: may("key::find"),
    args: {
      status: t.arg({ type: KeyStatusEnum, description: "Only those of this status." }),
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: (_root, { status, ...args }, context) => keysPage(context, args, status ?? null),
  }),
}));

async function keysPage(context: Context, args: PageArgs, status: KeyStatus | null) {
  const { prisma, tenant, now } = context;
  const listed = {
    tenantId: tenant?.id ?? NIL_UUID,
    ...(status && whereStatus(status, now)),
  };
  return await keysetPage<ApiKey>(context, args, {
    scope: `keys ${status ?? ""}`,
    place: ({ id }) => encodeId("Key", id),
    read: async (take, after) =>
      await prisma.apiKey.findMany({
        where: {
          ...listed,
          ...(after !== null && { id: { gt: decodeId("Key", after) ?? NIL_UUID } }),
        },
        orderBy: { id: "asc" },
        take,
      }),
    count: async () => await prisma.apiKey.count({ where: listed }),
  });
}
