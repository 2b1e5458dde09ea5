import type pg from "pg";
import type { Database } from "./database.ts";
import { sqlState } from "./errors.ts";
import type { IndexTask } from "./index-needs.ts";
import { ADVISORY_LOCKS } from "./advisory-locks.ts";

/** How often it is looked how far a build is, in milliseconds. */
const PROGRESS_MS = 1_000;

/** What became of a task. */
export type Outcome =
  | "DONE"
  /** The definition was being changed, or has changed: it is looked at again. */
  | "LATER"
  | "TOO_LONG"
  | "DATABASE";

/** The connection of the one process that builds indexes, as the owner of all tables. */
export interface Builder {
  readonly database: Database;
  readonly owner: pg.PoolClient;
  /** Its process, to ask how far it is or to stop it. The embedded database has one for all. */
  readonly pid: number;
}

/**
 * Does something as the owner of all tables, unless another process does so at the moment.
 *
 * An index can be built beside writers only outside a transaction, and so not by a function that runs as its
 * owner. The login role may become the owner, as it does to migrate; a request never may. The connection has
 * no deadline, and is closed after it, with its lock.
 *
 * @returns Whether it was done.
 */
export async function asOwner(
  database: Database,
  work: (builder: Builder) => Promise<void>,
): Promise<boolean> {
  const owner = await database.pool.connect();
  try {
    await owner.query(
      "SET ROLE fieldgate_owner; SET statement_timeout = 0; SET lock_timeout = 0; SET search_path = public",
    );
    const { rows } = await owner.query<{ alone: boolean; pid: number }>(
      `SELECT pg_try_advisory_lock(${ADVISORY_LOCKS.buildIndexes}) AS alone, pg_backend_pid() AS pid`,
    );
    const [session] = rows;
    if (!session?.alone) return false;
    await work({ database, owner, pid: session.pid });
    return true;
  } finally {
    owner.release(true);
  }
}

/**
 * Builds or drops one index. Of a large dataset beside whoever reads and writes; nobody can change its
 * definition meanwhile. What a broken build left is dropped first.
 */
export async function doTask(builder: Builder, task: IndexTask): Promise<Outcome> {
  const { owner, database } = builder;
  // Whoever uses the embedded database waits for others in any case.
  const concurrently = database.kind === "PostgreSQL" && !task.isSmall;
  if (!concurrently) return await undertake(builder, task, false);
  const lock = [ADVISORY_LOCKS.definition, task.datasetId];
  const { rows } = await owner.query<{ held: boolean }>(
    "SELECT pg_try_advisory_lock($1, hashtext($2)) AS held",
    lock,
  );
  if (!rows[0]?.held) return "LATER";
  try {
    return await undertake(builder, task, true);
  } finally {
    await owner.query("SELECT pg_advisory_unlock($1, hashtext($2))", lock);
  }
}

async function undertake(
  builder: Builder,
  task: IndexTask,
  concurrently: boolean,
): Promise<Outcome> {
  const { owner } = builder;
  // Beside others nobody waits for this, and so it may wait for them.
  await owner.query(`SET lock_timeout = ${concurrently ? 0 : 1_000}`);
  const drop = `DROP INDEX ${concurrently ? "CONCURRENTLY" : ""} IF EXISTS data.${task.name}`;
  try {
    if (task.isThere) await owner.query(drop);
    if (task.wanted) await build(builder, task, concurrently);
    return "DONE";
  } catch (error) {
    return await failed(builder, task, error);
  }
}

async function build(builder: Builder, task: IndexTask, concurrently: boolean): Promise<void> {
  const { owner } = builder;
  const { tenantId, datasetId, wanted } = task;
  const index = [tenantId, datasetId, wanted?.slot, wanted?.kind];
  await owner.query(
    `INSERT INTO fieldgate.index_build (tenant_id, dataset_id, slot, kind) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, dataset_id, slot, kind)
     DO UPDATE SET began_at = clock_timestamp(), progress = 0, failure = NULL`,
    index,
  );
  const { rows } = await owner.query<{ statement: string }>(
    `SELECT fieldgate.index_statement($1, $2, ARRAY[$3::integer], $4, $5) AS statement`,
    [...index, concurrently],
  );
  const watched = concurrently ? watch(builder, index) : null;
  try {
    await owner.query(rows[0]?.statement ?? "");
  } finally {
    await watched?.stop();
  }
  await owner.query(
    `DELETE FROM fieldgate.index_build
     WHERE tenant_id = $1 AND dataset_id = $2 AND slot = $3 AND kind = $4`,
    index,
  );
}

/** Notes from another connection how far a build is, until it is stopped. */
function watch({ database, pid }: Builder, index: readonly unknown[]) {
  let noting: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    noting = noting.then(() => noteProgress(database, pid, index)).catch(() => undefined);
  }, PROGRESS_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await noting;
    },
  };
}

/** The share of all work: two readings of the table, of which the second is the shorter. */
const PROGRESS = `
  SELECT (CASE WHEN phase LIKE 'building index%' THEN 70 * part WHEN phase LIKE 'waiting%' THEN 0
               WHEN phase LIKE 'index validation%' THEN 70 + 29 * part ELSE 0 END)::integer AS progress
  FROM (SELECT phase, CASE
          WHEN phase LIKE '%loading tuples%' THEN 0.5 + 0.5 * tuples_done / greatest(tuples_total, 1)
          WHEN phase LIKE 'building index%' THEN 0.5 * blocks_done / greatest(blocks_total, 1)
          ELSE blocks_done::numeric / greatest(blocks_total, 1) END AS part
        FROM pg_stat_progress_create_index WHERE pid = $1) p`;

/** The role of the login sees what its own other connection does; its owner's tables only as the owner. */
async function noteProgress(
  { pool }: Database,
  pid: number,
  index: readonly unknown[],
): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ progress: number }>(PROGRESS, [pid]);
    await client.query("BEGIN; SET LOCAL ROLE fieldgate_owner");
    await client.query(
      `UPDATE fieldgate.index_build SET progress = greatest(progress, least($5, 99))
       WHERE tenant_id = $1 AND dataset_id = $2 AND slot = $3 AND kind = $4`,
      [...index, rows[0]?.progress ?? 0],
    );
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** What was dropped or changed meanwhile, or somebody kept for too long, is looked at again. */
const LATER: ReadonlySet<string | null> = new Set([
  "42P01",
  "42703",
  "P0002",
  "23503",
  "55P03",
  "40P01",
  // Stopped with the server.
  "57014",
]);
/** PostgreSQL's program_limit_exceeded: a cell does not fit into an index. */
const TOO_LONG = "54000";

async function failed({ owner }: Builder, task: IndexTask, error: unknown): Promise<Outcome> {
  const state = sqlState(error);
  if (LATER.has(state)) return "LATER";
  const failure = state === TOO_LONG ? "TOO_LONG" : "DATABASE";
  if (!task.wanted) throw error;
  await owner.query(
    `UPDATE fieldgate.index_build SET failure = $5, began_at = clock_timestamp()
     WHERE tenant_id = $1 AND dataset_id = $2 AND slot = $3 AND kind = $4`,
    [task.tenantId, task.datasetId, task.wanted.slot, task.wanted.kind, failure],
  );
  return failure;
}
