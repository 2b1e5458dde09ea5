import type { TestProject } from "vitest/node";
import { openPostgres } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { onServer, postgresServer } from "./postgres-server.ts";

/** Makes one migrated database for all files of tests, and drops it at the end. Its roles are kept. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await postgresServer();
  if (!server) throw new Error("PostgreSQL went away.");
  const name = `fieldgate_test_${process.pid}_${Date.now()}`;
  await onServer(server.url, `CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const database = openPostgres(url.href);
  await migrate(database);
  await database.close();
  provide("database", { postgresUrl: url.href });
  return async () => {
    await onServer(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
  };
}
