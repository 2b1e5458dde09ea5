import pg from "pg";

/** A PostgreSQL server that tests may make databases on. */
export interface PostgresServer {
  readonly url: string;
  readonly version: string;
}

/**
 * The server that `TEST_DATABASE_URL` names, which then has to be there, or the one on this machine if it
 * lets in; null where there is none, and the tests run on the embedded database alone.
 *
 * @param variable Another variable to look at.
 */
export async function postgresServer(
  variable = "TEST_DATABASE_URL",
): Promise<PostgresServer | null> {
  const named = process.env[variable] || null;
  const url = named ?? "postgres://postgres@127.0.0.1:5432/postgres";
  try {
    const [row] = await onServer<{ version: string }>(url, "SHOW server_version");
    return { url, version: row ? Object.values(row).join() : "" };
  } catch (error) {
    if (named) throw new Error(`${variable} does not answer.`, { cause: error });
    return null;
  }
}

/** Runs one statement on a server, on a connection of its own. */
export async function onServer<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
