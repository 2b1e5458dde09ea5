import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { permits } from "../../authz/rights.ts";
import type { Event } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { oneForEach } from "../../graphql/for-each-key.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** Events by id; null for one that does not exist in the tenant. */
export const eventsById = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<string, Event | null>(async (ids) => {
      const found = tenant
        ? await prisma.event.findMany({ where: { tenantId: tenant.id, id: { in: [...ids] } } })
        : [];
      return oneForEach(ids, found, ({ id }) => id);
    }),
);

findNodesOf("Event", async (context, uuid) =>
  permits(context.rights, "event::find") ? await eventsById(context).load(uuid) : null,
);
