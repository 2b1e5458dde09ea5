import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type pg from "pg";
import type { Database } from "./database.ts";
import { ADVISORY_LOCKS } from "./advisory-locks.ts";

const FOLDER = new URL("../../prisma/migrations/", import.meta.url);

/** Prisma's own table of what was applied, so that `prisma migrate` and this agree. */
const LEDGER = `
  CREATE TABLE public._prisma_migrations (
    id varchar(36) PRIMARY KEY NOT NULL,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

/** The database was made by another release. The message says what to do. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

interface Migration {
  readonly name: string;
  readonly script: string;
  readonly checksum: string;
}

/**
 * Applies the migrations of `prisma/migrations` that a database has not seen, each in a transaction.
 * Several processes may start at once: the first applies, the others wait and find it done.
 *
 * @returns The names of those that were applied now.
 * @throws {MigrationError} when one was changed after it had been applied, or one was applied that is not
 *   among them.
 */
export async function migrate({ pool }: Database): Promise<string[]> {
  const migrations = await readMigrations();
  const client = await pool.connect();
  try {
    await client.query("SET lock_timeout = 0; SET statement_timeout = 0");
    await client.query(`SELECT pg_advisory_lock(${ADVISORY_LOCKS.migrate})`);
    const pending = await pendingOf(client, migrations);
    const applied: string[] = [];
    for (const migration of pending) {
      if (await applyOnce(client, migration)) applied.push(migration.name);
    }
    return applied;
  } finally {
    // The session is closed, and with it go its lock and its settings.
    client.release(true);
  }
}

async function readMigrations(): Promise<Migration[]> {
  const entries = await readdir(FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return await Promise.all(names.toSorted().map(readMigration));
}

async function readMigration(name: string): Promise<Migration> {
  const script = await readFile(new URL(`${name}/migration.sql`, FOLDER), "utf8");
  return { name, script, checksum: createHash("sha256").update(script).digest("hex") };
}

async function pendingOf(
  client: pg.PoolClient,
  migrations: readonly Migration[],
): Promise<Migration[]> {
  const applied = await appliedTo(client);
  refuseNewer(migrations, applied);
  const changed = migrations.filter(
    ({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum,
  );
  if (changed.length > 0) {
    throw new MigrationError(
      `The database was made by another form of the migrations ${changed.map(({ name }) => name).join(", ")}. Use the release that made it, or a database of its own.`,
    );
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/** What a newer release made, this one would misread. */
function refuseNewer(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new MigrationError(
    `The database was made by a newer release: it has the migrations ${unknown.join(", ")}, which this one does not know. Use that release or a later one, or a database of its own.`,
  );
}

/** The checksums of the migrations that were applied, by name. */
async function appliedTo(client: pg.PoolClient): Promise<Map<string, string>> {
  const keeper = await keeperOf(client);
  if (keeper === null) return new Map();
  await client.query(`SET ROLE ${keeper}`);
  const { rows } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM public._prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  await client.query("RESET ROLE");
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

/**
 * The role to write the ledger as: that of the connection where it may, as after `prisma migrate`, and
 * else the owner of all other tables; null: there is no ledger.
 */
async function keeperOf(client: pg.PoolClient): Promise<"NONE" | "fieldgate_owner" | null> {
  const { rows } = await client.query<{ is_ours: boolean | null }>(
    `SELECT has_table_privilege(to_regclass('public._prisma_migrations'), 'INSERT') AS is_ours`,
  );
  const isOurs = rows[0]?.is_ours ?? null;
  return isOurs === null ? null : isOurs ? "NONE" : "fieldgate_owner";
}

/**
 * Applies a migration, unless another process has by now. The embedded database keeps no lock between two
 * transactions, but its transactions come one after the other.
 */
async function applyOnce(client: pg.PoolClient, migration: Migration): Promise<boolean> {
  try {
    await client.query("BEGIN");
    const isDone = (await appliedTo(client)).has(migration.name);
    if (!isDone) await apply(client, migration);
    await client.query("COMMIT");
    return !isDone;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}

async function apply(client: pg.PoolClient, { name, script, checksum }: Migration): Promise<void> {
  await client.query(script);
  // The first migration makes the owner, so that the ledger can be its own from the start.
  const keeper = await keeperOf(client);
  await client.query(
    keeper === null ? `SET LOCAL ROLE fieldgate_owner; ${LEDGER}` : `SET LOCAL ROLE ${keeper}`,
  );
  await client.query({
    text: `INSERT INTO public._prisma_migrations
             (id, checksum, finished_at, migration_name, applied_steps_count)
           VALUES ($1, $2, now(), $3, 1)`,
    values: [randomUUID(), checksum, name],
  });
}
