import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import type { Context } from "../../graphql/context.ts";
import { oneForEach } from "../../graphql/for-each-key.ts";
import type { GrantPlace } from "./explanation.ts";

/** The UUIDs of grants by where they stand; null where none does. Whether one may be seen is not asked here. */
export const grantIds = createContextCache(
  ({ prisma, tenant }: Context) =>
    new DataLoader<GrantPlace, string | null, string>(
      async (places) => {
        const found = tenant
          ? await prisma.grant.findMany({
              where: {
                tenantId: tenant.id,
                linkId: null,
                OR: places.map((place) => ({ ...place })),
              },
              select: { id: true, roleId: true, datasetId: true, columnId: true },
            })
          : [];
        return oneForEach(places.map(textOf), found, textOf).map((grant) => grant?.id ?? null);
      },
      { cacheKeyFn: textOf },
    ),
);

function textOf({ roleId, datasetId, columnId }: GrantPlace): string {
  return `${roleId} ${datasetId} ${columnId ?? ""}`;
}
