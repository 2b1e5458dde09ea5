import { isDeepStrictEqual } from "node:util";
import type { Database } from "../../../src/db/database.ts";
import type { LoggedCells } from "../../../src/db/logged-row.ts";
import { followed, replayed } from "../../support/row-log.ts";
import type { Place } from "../cli/place.ts";
import { hold, type Scene } from "./scene.ts";

/**
 * Every table of rows that belongs to nothing, and every dataset or import that has no table or view, or no log: rows
 * that wait to become those of a dataset have none.
 */
const ASTRAY = `
  SELECT coalesce(kept.hex, stored.hex) AS hex
  FROM (SELECT replace(id::text, '-', '') AS hex, 3 AS parts FROM dataset
        UNION ALL
        SELECT replace(i.id::text, '-', ''), CASE WHEN r.id IS NULL THEN 3 ELSE 2 END
        FROM dataset_import i LEFT JOIN row_import r ON r.tenant_id = i.tenant_id AND r.id = i.id) kept
  FULL JOIN (
    SELECT substr(c.relname, 3) AS hex, count(*) AS parts
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'data' AND c.relname ~ '^[tld]_[0-9a-f]{32}$' AND c.relkind IN ('r', 'v')
    GROUP BY 1) stored ON stored.hex = kept.hex
  WHERE stored.parts IS DISTINCT FROM kept.parts`;

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

/** Looks behind the API: every dataset has its table, log and view, and nothing else is stored. */
export async function requireNothingAstray(place: Place): Promise<void> {
  const astray = await onDatabase(place, ({ pool }) => pool.query<{ hex: string }>(ASTRAY));
  hold(astray.rows.length === 0, `nothing is astray, but ${JSON.stringify(astray.rows)}`);
}

/** Looks behind the API: the rows of a dataset are what comes of its log, to the last cell. */
export async function requireLogAgrees(scene: Scene, name: string): Promise<void> {
  const { place, tenantId } = scene;
  await onDatabase(place, async (database) => {
    const { pool } = database;
    const [dataset] = (
      await pool.query<{ id: string; cells: string }>(
        `SELECT id, fieldgate.logged_row(tenant_id, id, 't') AS cells FROM dataset
         WHERE tenant_id = $1 AND name = $2`,
        [tenantId, name],
      )
    ).rows;
    if (!dataset) return;
    const { rows } = await pool.query<StoredRow>(
      `SELECT id, version, ${dataset.cells} AS cells
       FROM data.t_${dataset.id.replaceAll("-", "")} t ORDER BY id`,
    );
    const log = replayed(await followed({ database, tenantId, id: dataset.id }));
    const found = [...log].map(([id, { version, cells }]) => ({ id, version, cells }));
    const told = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    hold(isDeepStrictEqual(told, rows), `the log of ${name} and its rows agree`);
  });
}

interface StoredRow {
  readonly id: string;
  readonly version: number;
  readonly cells: LoggedCells;
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
