import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { embeddedPlace, type Place, postgresPlace } from "../app/cli/place.ts";
import { postgresServer } from "../support/postgres-server.ts";

/** A place on every database that there is. */
export async function everyPlace(): Promise<Place[]> {
  const server = await postgresServer();
  return [...(server ? [await postgresPlace(server.url)] : []), embeddedPlace()];
}

/** Works on the migrated database of a place; nothing of it is left. */
export async function withDatabase<Result>(
  place: Place,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  try {
    const database = await place.reach();
    try {
      await migrate(database);
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await place.drop();
  }
}
