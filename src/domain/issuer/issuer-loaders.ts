import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { permitsAny } from "../../authz/rights.ts";
import type { TrustedIssuer } from "../../db/generated/client.ts";
import { decodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { oneForEach } from "../../graphql/for-each-key.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** Trusted issuers by id; null for one that does not exist in the tenant. */
export const issuersById = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, TrustedIssuer | null>(async (ids) => {
      const found = tenant
        ? await prisma.trustedIssuer.findMany({
            where: { tenantId: tenant.id, id: { in: [...ids] } },
          })
        : [];
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

/**
 * The trusted issuer that an argument names.
 *
 * @throws {NotFoundError} for one that does not exist in the tenant.
 */
export async function requireIssuer(context: Context, id: string): Promise<TrustedIssuer> {
  const uuid = decodeId("TrustedIssuer", id);
  const issuer = uuid && (await issuersById(context).load(uuid));
  if (!issuer) throw new NotFoundError("trusted issuer");
  return issuer;
}

findNodesOf("TrustedIssuer", async (context, uuid) =>
  permitsAny(context.rights, "trusted_issuer") ? await issuersById(context).load(uuid) : null,
);
