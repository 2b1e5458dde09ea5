import { inject } from "vitest";
import { type Database, openPostgres } from "../../src/db/database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The migrated PostgreSQL database of this run. */
    databaseUrl: string;
  }
}

/** The database that the tests of one file share; what keeps them apart is the tenant of each. */
export async function testDatabase(): Promise<Database> {
  return openPostgres(inject("databaseUrl"), 4);
}
