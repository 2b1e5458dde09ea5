import { createContextCache } from "@pothos/core";
import { permitsAny } from "../../authz/rights.ts";
import type { Tenant } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** The tenant of the request, read once; null where there is none, or the caller may not see it. */
export const ownTenant = createContextCache(
  async ({ tenant, prisma, rights }: Context): Promise<Tenant | null> =>
    tenant && permitsAny(rights, "tenant")
      ? await prisma.tenant.findUnique({ where: { id: tenant.id } })
      : null,
);

findNodesOf("Tenant", async (context, uuid) => {
  const tenant = await ownTenant(context);
  return tenant?.id === uuid ? tenant : null;
});
