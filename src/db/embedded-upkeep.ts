import type { Database } from "./database.ts";

/** What is known of a database since this process opened it. */
interface Known {
  /** How much had been written when its tables were last swept, in bytes; null: never yet. */
  written: number | null;
  /** The sizes at which tables could not be tended: it is not tried again at once. */
  readonly sizes: Map<string, string>;
}

const known = new WeakMap<Database["pool"], Known>();

/** After so much was written, in bytes, every table of some size is swept: any of them may have old versions. */
const SWEEP_AFTER = 16 * 1024 * 1024;

/** How much was ever written, and the tables that are larger than 1 MB: of datasets; of the system, than 128 kB. */
const TABLES = `
  SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS written,
         array(SELECT json_build_object(
                 'name', c.oid::regclass::text, 'size', pg_relation_size(c.oid)::text,
                 'hasGrown', pg_relation_size(c.oid) > n.floor + 1.2 * 8192 * c.relpages)
               FROM (VALUES ('data', 1024 * 1024), ('public', 128 * 1024), ('fieldgate', 128 * 1024)) n (name, floor)
               JOIN pg_class c ON c.relnamespace = n.name::regnamespace AND c.relkind = 'r'
                 AND pg_relation_size(c.oid) > n.floor) AS tables`;

interface Tables {
  readonly written: number;
  readonly tables: readonly {
    /** With the schema, and quoted, where it has to be. */
    readonly name: string;
    readonly size: string;
    /** By a fifth, and by more than the least size, since it was last counted. */
    readonly hasGrown: boolean;
  }[];
}

/**
 * Sweeps away old versions of rows and counts what tables hold, as PostgreSQL does by itself and the embedded
 * database never: without it tables grow with each change, and searches are planned blindly.
 */
export async function tendEmbedded({ kind, pool }: Database): Promise<void> {
  if (kind !== "PGlite") return;
  const before = known.get(pool) ?? { written: null, sizes: new Map<string, string>() };
  known.set(pool, before);
  const { written, tables } = (await pool.query<Tables>(TABLES)).rows[0] ?? {
    written: 0,
    tables: [],
  };
  before.written ??= written;
  const isSweep = written - before.written > SWEEP_AFTER;
  if (isSweep) before.written = written;
  const isDue = ({ name, size, hasGrown }: Tables["tables"][number]) =>
    isSweep || (hasGrown && before.sizes.get(name) !== size);
  for (const { name, size, hasGrown } of tables.filter(isDue)) {
    before.sizes.set(name, size);
    // One after the other, so that requests have their turns in between.
    // eslint-disable-next-line no-await-in-loop
    await pool.query(`VACUUM ${name}`);
    // Of fewer rows than usual, as after an import: 250 columns would take 10 seconds.
    const count = `BEGIN; SET LOCAL default_statistics_target = 30; ANALYZE ${name}; COMMIT`;
    // eslint-disable-next-line no-await-in-loop
    if (hasGrown) await pool.query(count);
    before.sizes.delete(name);
  }
}
