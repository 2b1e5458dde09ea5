import { setTimeout } from "node:timers/promises";
import { Indexer } from "../../src/db/indexer.ts";
import type { World } from "./world.ts";

const SILENT = { info: () => undefined, warn: () => undefined };

/** Has the indexes of a world's datasets built and dropped, as soon as nobody else does so. */
export async function indexed(
  world: Pick<World, "database" | "tenantId">,
  indexer = new Indexer({ database: world.database, log: SILENT }),
): Promise<void> {
  if (await indexer.index(world.tenantId)) return;
  await setTimeout(50);
  await indexed(world, indexer);
}
