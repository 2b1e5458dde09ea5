import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";

/** The folder of this run: its projects are set up one after the other. */
const FOLDER = join(tmpdir(), `fieldgate-template-${process.pid}`);

/** Makes one migrated embedded database for all projects, which every file of tests copies. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(FOLDER)) {
    const database = await openDatabase({ databaseUrl: null, dataDir: FOLDER });
    await migrate(database);
    await database.close();
  }
  provide("database", { pgliteTemplate: join(FOLDER, "pgdata") });
  return () => rm(FOLDER, { recursive: true, force: true });
}
