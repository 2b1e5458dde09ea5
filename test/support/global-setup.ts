import pg from "pg";
import type { TestProject } from "vitest/node";
import { openPostgres } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";

const SERVER = process.env["TEST_DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** Makes one database for the whole run and drops it at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = `fieldgate_test_${process.pid}_${Date.now()}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  const database = openPostgres(url.href);
  await migrate(database);
  await database.close();
  project.provide("databaseUrl", url.href);
  return () => onServer(`DROP DATABASE ${name} WITH (FORCE)`);
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
