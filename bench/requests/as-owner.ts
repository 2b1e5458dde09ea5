import type { PoolClient } from "pg";
import type { Place } from "../../test/app/cli/place.ts";

/** Works on the database of a server beside it, without the deadlines that its requests have. */
export async function asOwner<Result>(
  { reach }: Place,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const database = await reach();
  const client = await database.pool.connect();
  try {
    await client.query("SET statement_timeout = 0; SET lock_timeout = 0");
    return await work(client);
  } finally {
    client.release();
    await database.close();
  }
}
