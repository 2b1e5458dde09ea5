import { parseConfig } from "../config.ts";
import { checkServer } from "../db/check-server.ts";
import { type Database, reachDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { environment } from "./environment.ts";

/** Opens the database, or reaches it through the server that holds it, for the length of a command. */
export async function inDatabase(
  env: NodeJS.ProcessEnv,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const database = await reachDatabase(parseConfig(environment(env)));
  try {
    await checkServer(database);
    await migrate(database);
    await work(database);
  } finally {
    await database.close();
  }
}
