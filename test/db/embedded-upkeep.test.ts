import { afterAll, describe, expect, test } from "vitest";
import { tendEmbedded } from "../../src/db/embedded-upkeep.ts";
import { writingIn } from "./as-role.ts";
import { fill, tableOf } from "../support/filled.ts";
import { aWorld } from "../support/world.ts";

const world = await aWorld();
const { database } = world;
afterAll(() => database.close());

async function factsOf(dataset: { readonly id: string }) {
  const { rows } = await database.pool.query<{ counted: number; size: string }>(
    `SELECT reltuples AS counted, pg_relation_size(oid) AS size FROM pg_class WHERE oid = $1::regclass`,
    [tableOf(dataset)],
  );
  return { counted: rows[0]?.counted, size: Number(rows[0]?.size) };
}

async function changeEveryRow(dataset: { readonly id: string }): Promise<void> {
  await database.pool.query(`
    BEGIN; ${writingIn(world.tenantId)};
    UPDATE ${tableOf(dataset)} SET c1 = c1 || 'y', version = version + 1; COMMIT`);
}

// PostgreSQL does so by itself, in its own time.
describe.runIf(database.kind === "PGlite")("the embedded database", () => {
  test("counts what a dataset holds once it has grown", async () => {
    const dataset = await world.dataset({ columns: [{ name: "number", type: "INTEGER" }] });
    await fill(world, dataset, { rows: 30_000, cells: { 1: "n" } });
    expect((await factsOf(dataset)).counted).toBe(-1);
    await tendEmbedded(database);
    expect((await factsOf(dataset)).counted).toBe(30_000);
  });

  test("uses the room of old versions again: a dataset does not grow with each change", async () => {
    const dataset = await world.dataset({ columns: [{ name: "text", type: "TEXT" }] });
    await fill(world, dataset, { rows: 30_000, cells: { 1: "repeat('x', 300)" } });
    const { size } = await factsOf(dataset);
    for (let round = 0; round < 6; round += 1) {
      // eslint-disable-next-line no-await-in-loop
      await changeEveryRow(dataset);
      // eslint-disable-next-line no-await-in-loop
      await tendEmbedded(database);
    }
    expect((await factsOf(dataset)).size).toBeLessThan(3.5 * size);
  });

  test("uses the room again of what was forgotten", async () => {
    const { pool } = database;
    const sizeOf = async () => {
      const { rows } = await pool.query<{ size: number }>(
        "SELECT pg_relation_size('login_attempt')::integer AS size",
      );
      return rows[0]?.size ?? 0;
    };
    const sizes: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      // eslint-disable-next-line no-await-in-loop
      await pool.query(`
        INSERT INTO login_attempt (tenant_id, bucket, at, last_at)
        SELECT '${world.tenantId}', sha256(n::text::bytea), ARRAY[now()], now() FROM generate_series(1, 20000) n;
        DELETE FROM login_attempt WHERE tenant_id = '${world.tenantId}'`);
      // eslint-disable-next-line no-await-in-loop
      sizes.push(await sizeOf());
      // eslint-disable-next-line no-await-in-loop
      await tendEmbedded(database);
    }
    expect(Math.max(...sizes)).toBeLessThan(1.5 * (sizes[0] ?? 0));
  });
});
