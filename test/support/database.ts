import { inject } from "vitest";
import { type Database, openPostgres, overStreams } from "../../src/db/database.ts";
import { openEmbeddedInMemory } from "../../src/db/embedded/embedded-database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A migrated database to connect to, or the folder of one to copy. */
    database: { readonly postgresUrl: string } | { readonly pgliteTemplate: string };
  }
}

let opened: Promise<Database> | undefined;

/**
 * The database that the tests of one process share; what keeps them apart is the tenant of each. It is
 * open for as long as the process runs, whoever closes it.
 */
export async function testDatabase(): Promise<Database> {
  opened ??= openDatabase();
  return { ...(await opened), close: () => Promise.resolve() };
}

async function openDatabase(): Promise<Database> {
  const place = inject("database");
  if ("postgresUrl" in place) return openPostgres(place.postgresUrl, 20);
  const embedded = await openEmbeddedInMemory({ template: place.pgliteTemplate });
  return overStreams(embedded.connect, embedded.close);
}
