import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { permitsAny } from "../../authz/rights.ts";
import type { ApiKey, Role } from "../../db/generated/client.ts";
import { decodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { allForEach, oneForEach } from "../../graphql/for-each-key.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** Keys by id; null for one that does not exist in the tenant. */
export const keysById = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, ApiKey | null>(async (ids) => {
      const found = tenant
        ? await prisma.apiKey.findMany({ where: { tenantId: tenant.id, id: { in: [...ids] } } })
        : [];
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/** The roles that keys hold, by name. */
export const rolesOfKeys = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Role[]>(async (keyIds) => {
      const held = tenant
        ? await prisma.keyRole.findMany({
            where: { tenantId: tenant.id, keyId: { in: [...keyIds] } },
            include: { role: true },
            orderBy: { role: { name: "asc" } },
          })
        : [];
      return allForEach(keyIds, held, ({ keyId }) => keyId).map((roles) =>
        roles.map(({ role }) => role),
      );
    }),
);

/**
 * The key that an argument names.
 *
 * @throws {NotFoundError} for one that does not exist in the tenant.
 */
export async function requireKey(context: Context, id: string): Promise<ApiKey> {
  const uuid = decodeId("Key", id);
  const key = uuid && (await keysById(context).load(uuid));
  if (!key) throw new NotFoundError("key");
  return key;
}

findNodesOf("Key", async (context, uuid) =>
  permitsAny(context.rights, "key") ? await keysById(context).load(uuid) : null,
);
