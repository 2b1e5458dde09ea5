import pg from "pg";
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
  // What is committed is there for everybody at once, and no test pulls the plug of the server.
  await onServer(server.url, `ALTER DATABASE ${name} SET synchronous_commit = off`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  await alone(server.url, async () => {
    const database = openPostgres(url.href);
    await migrate(database);
    await database.close();
  });
  provide("database", { postgresUrl: url.href });
  return async () => {
    await onServer(server.url, `DROP DATABASE ${name} WITH (FORCE)`);
  };
}

/** The advisory lock under which one run at a time makes the roles, which the whole server shares. */
const LOCK = 7_241_954;

async function alone(serverUrl: string, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    await work();
  } finally {
    await client.end();
  }
}
