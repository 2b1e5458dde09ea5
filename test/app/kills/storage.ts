import type { Database } from "../../../src/db/database.ts";
import type { Place } from "../cli/place.ts";
import { hold } from "./scene.ts";

/** Every table of rows that belongs to nothing, and every dataset or import that has no table or view. */
const ASTRAY = `
  SELECT coalesce(kept.hex, stored.hex) AS hex
  FROM (SELECT replace(id::text, '-', '') AS hex FROM dataset
        UNION ALL SELECT replace(id::text, '-', '') FROM dataset_import) kept
  FULL JOIN (
    SELECT substr(c.relname, 3) AS hex
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'data' AND c.relname ~ '^[td]_[0-9a-f]{32}$' AND c.relkind IN ('r', 'v')
    GROUP BY 1 HAVING count(*) = 2) stored ON stored.hex = kept.hex
  WHERE kept.hex IS NULL OR stored.hex IS NULL`;

/** Runs `work` on the database of a place, whoever holds it. */
export async function onDatabase<Result>(
  place: Place,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await place.reach();
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Looks behind the API: every dataset has its table and view, and nothing else is stored. */
export async function requireNothingAstray(place: Place): Promise<void> {
  const astray = await onDatabase(place, ({ pool }) => pool.query<{ hex: string }>(ASTRAY));
  hold(astray.rows.length === 0, `nothing is astray, but ${JSON.stringify(astray.rows)}`);
}

/** How many imports are unfinished. */
export async function pendingImports(place: Place): Promise<number> {
  return await onDatabase(place, async ({ pool }) => {
    const { rowCount } = await pool.query("SELECT id FROM dataset_import");
    return rowCount ?? 0;
  });
}

/** Lets the unfinished imports look as old as they will be in an hour. */
export async function ageImports(place: Place): Promise<void> {
  await onDatabase(place, ({ pool }) =>
    pool.query("UPDATE dataset_import SET touched_at = now() - interval '1 hour'"),
  );
}
