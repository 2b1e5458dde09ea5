import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ADVISORY_LOCKS } from "../../src/db/advisory-locks.ts";
import { aWorld } from "../support/world.ts";
import { uuidOf } from "./as-role.ts";

const world = await aWorld();
const { database } = world;

test("no two things are done under one advisory lock, and the migration names the one that it means", async () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
  const migration = new URL(
    "../../prisma/migrations/20261125000003_indexes/migration.sql",
    import.meta.url,
  );
  const named = (await readFile(migration, "utf8")).match(/advisory_xact_lock_shared\(\d+/g);
  expect(named).toEqual([`advisory_xact_lock_shared(${ADVISORY_LOCKS.definition}`]);
});

// The embedded database does one thing at a time.
describe.skipIf(database.kind === "PGlite")("while an index of a dataset is built", () => {
  test("rows are upserted as ever, and its definition is not changed", async () => {
    const { id } = await world.dataset({
      columns: [{ name: "sku", type: "TEXT", unique: true }],
      rows: [{ sku: "a" }],
    });
    const client = await database.pool.connect();
    const lock = [ADVISORY_LOCKS.definition, uuidOf(id)];
    await client.query("SELECT pg_advisory_lock($1, hashtext($2))", lock);
    try {
      const upserted = await world.run(
        `mutation ($input: UpsertRowsInput!) { upsertRows(input: $input) { count } }`,
        { variables: { input: { datasetId: id, by: "sku", rows: [{ values: { sku: "a" } }] } } },
      );
      expect(upserted.data).toEqual({ upsertRows: { count: 1 } });
      const changed = await world.run(
        `mutation ($input: AddColumnInput!) { addColumn(input: $input) { column { id } } }`,
        { variables: { input: { datasetId: id, column: { name: "more", type: "TEXT" } } } },
      );
      expect(changed.errors.map(({ extensions }) => extensions.code)).toEqual(["UNAVAILABLE"]);
    } finally {
      await client.query("SELECT pg_advisory_unlock($1, hashtext($2))", lock);
      client.release();
    }
  });
});
