import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";

/** Makes one migrated embedded database, which every file of tests copies. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "fieldgate-template-"));
  const database = await openDatabase({ databaseUrl: null, dataDir: folder });
  await migrate(database);
  await database.close();
  provide("database", { pgliteTemplate: join(folder, "pgdata") });
  return () => rm(folder, { recursive: true });
}
