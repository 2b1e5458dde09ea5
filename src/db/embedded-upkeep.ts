import type { Database } from "./database.ts";

/** The sizes at which tables were last tended: one that does not shrink is not tended again and again. */
const tended = new WeakMap<Database["pool"], Map<string, string>>();

/**
 * Tables of datasets that have grown by a fifth, and by more than 1 MB, since they were last counted.
 * Rows that are changed or deleted take room until they are swept away, and so show in the size.
 */
const GROWN = `
  SELECT c.relname AS name, pg_relation_size(c.oid)::text AS size
  FROM pg_class c
  WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r'
    AND pg_relation_size(c.oid) > 1024 * 1024 + 1.2 * 8192 * c.relpages`;

/**
 * Sweeps away old versions of rows and counts what tables hold, as PostgreSQL does by itself and the embedded
 * database never: without it tables grow with each change, and searches are planned blindly.
 */
export async function tendEmbedded({ kind, pool }: Database): Promise<void> {
  if (kind !== "PGlite") return;
  const sizes = tended.get(pool) ?? new Map<string, string>();
  tended.set(pool, sizes);
  const { rows } = await pool.query<{ name: string; size: string }>(GROWN);
  for (const { name, size } of rows.filter((table) => sizes.get(table.name) !== table.size)) {
    sizes.set(name, size);
    // One after the other, so that requests have their turns in between.
    // eslint-disable-next-line no-await-in-loop
    await pool.query(`VACUUM data.${name}`);
    // Of fewer rows than usual, as after an import: 250 columns would take 10 seconds.
    // eslint-disable-next-line no-await-in-loop
    await pool.query(
      `BEGIN; SET LOCAL default_statistics_target = 30; ANALYZE data.${name}; COMMIT`,
    );
  }
}
