import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import sql from "sql-template-tag";
import { permitsAny } from "../../authz/rights.ts";
import type { ApiKey, Role } from "../../db/generated/client.ts";
import { decodeId, NIL_UUID } from "../../db/id.ts";
import { type TokenStatus, TOKENS_WITH_KEYS, tokenStatus } from "../../db/token-status.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { oneForEach } from "../../graphql/for-each-key.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** An access token as it is told of. */
export interface ShownToken {
  readonly id: string;
  readonly keyId: string;
  readonly binding: "COOKIE" | "DPOP";
  readonly isBound: boolean;
  readonly status: TokenStatus;
  /** Of the roles of its key those that it carries. */
  readonly roleIds: readonly string[];
  /** A list of `Condition`; null: nothing restricts it besides its roles. */
  readonly conditions: unknown;
  readonly datasetIds: readonly string[] | null;
  readonly clientId: string | null;
  readonly clientName: string | null;
  readonly idleSeconds: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Tokens by id; null for one that does not exist in the tenant. */
export const tokensById = createContextCache(
  ({ transaction, tenant, now }: Context) =>
    new DataLoader<string, ShownToken | null>(async (ids) => {
      const found = await transaction.query<ShownToken>(sql`
        SELECT a.id, a.key_id AS "keyId", a.binding, a.bound_to IS NOT NULL AS "isBound",
               ${tokenStatus(now)} AS status, a.conditions, a.dataset_ids AS "datasetIds",
               ARRAY(SELECT kr.role_id FROM key_role kr
                     WHERE kr.tenant_id = a.tenant_id AND kr.key_id = a.key_id
                       AND (a.role_ids IS NULL OR kr.role_id = ANY (a.role_ids))) AS "roleIds",
               a.client_id AS "clientId", a.client_name AS "clientName",
               a.idle_seconds AS "idleSeconds", a.created_at AS "createdAt",
               a.created_by AS "createdBy", a.expires_at AS "expiresAt",
               a.last_used_at AS "lastUsedAt", a.revoked_at AS "revokedAt"
        FROM ${TOKENS_WITH_KEYS}
        WHERE a.tenant_id = ${tenant?.id ?? NIL_UUID}::uuid AND a.id = ANY (${[...ids]}::uuid[])`);
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/** The keys that tokens were made from, by id. */
export const keysOfTokens = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, ApiKey | null>(async (ids) => {
      const tenantId = tenant?.id ?? NIL_UUID;
      const found = await prisma.apiKey.findMany({ where: { tenantId, id: { in: [...ids] } } });
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/** The roles that tokens carry, by id. */
export const rolesOfTokens = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Role | null>(async (ids) => {
      const tenantId = tenant?.id ?? NIL_UUID;
      const found = await prisma.role.findMany({ where: { tenantId, id: { in: [...ids] } } });
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/**
 * The token that an argument names.
 *
 * @throws {NotFoundError} for one that does not exist in the tenant.
 */
export async function requireToken(context: Context, id: string): Promise<ShownToken> {
  const uuid = decodeId("AccessToken", id);
  const token = uuid && (await tokensById(context).load(uuid));
  if (!token) throw new NotFoundError("access token");
  return token;
}

findNodesOf("AccessToken", async (context, uuid) =>
  permitsAny(context.rights, "access_token") ? await tokensById(context).load(uuid) : null,
);
