import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, test, vi } from "vitest";
import { Indexer } from "../../src/db/indexer.ts";
import { fill, tableOf } from "../support/filled.ts";
import { indexed } from "../support/indexed.ts";
import { aWorld, type NewGrant, type World } from "../support/world.ts";
import { asRole, uuidOf } from "./as-role.ts";

/** A line of the log of an indexer. */
interface Line {
  readonly message: string;
  readonly index?: string;
  readonly ms?: number;
}

const { database } = await aWorld();
afterAll(() => database.close());

/** More rows than are indexed in the transaction that asks for it. */
const MANY = { rows: 8_000, cells: { 1: "repeat('x', 1500)", 2: "n" } };

/** An indexer, and what it has said. */
function anIndexer() {
  const lines: Line[] = [];
  const say = (line: object, message: string) => void lines.push({ ...line, message });
  return { lines, indexer: new Indexer({ database, log: { info: say, warn: say } }) };
}

async function indexesOf(dataset: { readonly id: string }) {
  const { rows } = await database.pool.query<{ definition: string; valid: boolean }>(
    `SELECT pg_get_indexdef(i.indexrelid) AS definition, i.indisvalid AS valid
     FROM pg_index i WHERE i.indrelid = to_regclass($1) AND NOT i.indisprimary ORDER BY 1`,
    [tableOf(dataset)],
  );
  return rows.map(
    ({ definition, valid }) => `${definition.replace(/^.* USING /, "")}${valid ? "" : " INVALID"}`,
  );
}

const INDEX = `query ($id: ID!) { node(id: $id) { ... on Column { index { state progress reason } } } }`;

async function stateOf({ ask, admin }: World, columnId: string, key = admin) {
  const { node } = await ask<{ node: { index: unknown } }>(INDEX, {
    key,
    variables: { id: columnId },
  });
  return node.index;
}

const UPDATE = `mutation ($input: UpdateColumnInput!) { updateColumn(input: $input) { column { id } } }`;

/** Makes a dataset of many rows, and then marks its number. */
async function aLargeDataset(world: World, marks: object = { indexed: true }) {
  const dataset = await world.dataset({
    columns: [
      { name: "text", type: "TEXT" },
      { name: "number", type: "INTEGER" },
    ],
    rows: [{ text: "a", number: 0 }],
  });
  await fill(world, dataset, MANY);
  const number = dataset.columns["number"] ?? "";
  await world.ask(UPDATE, { variables: { input: { id: number, ...marks } } });
  return { ...dataset, number };
}

const BTREE = "btree (tenant_id, c2, id)";

test("an index for searches of many rows is built after the change that asks for it", async () => {
  const world = await aWorld();
  const dataset = await aLargeDataset(world);
  expect(await indexesOf(dataset)).toStrictEqual([]);
  expect(await stateOf(world, dataset.number)).toStrictEqual({
    state: "BUILDING",
    progress: 0,
    reason: null,
  });
  const { indexer, lines } = anIndexer();
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
  expect(await stateOf(world, dataset.number)).toMatchObject({ state: "READY", progress: null });
  expect(lines.map(({ message }) => message)).toStrictEqual(["index begun", "index built"]);
  expect(lines[1]?.ms).toBeGreaterThanOrEqual(0);
});

test("an index that nothing needs any more is dropped, and one that is needed is kept", async () => {
  const world = await aWorld();
  const dataset = await aLargeDataset(world);
  const { indexer } = anIndexer();
  await indexed(world, indexer);
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
  await world.ask(UPDATE, { variables: { input: { id: dataset.number, indexed: false } } });
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([]);
  expect(await stateOf(world, dataset.number)).toBeNull();
});

test("of few rows an index is built by the change itself", async () => {
  const world = await aWorld();
  const dataset = await world.dataset({ columns: [{ name: "number", type: "INTEGER" }] });
  const id = dataset.columns["number"] ?? "";
  await world.ask(UPDATE, { variables: { input: { id, indexed: true } } });
  expect(await indexesOf(dataset)).toStrictEqual(["btree (tenant_id, c1, id)"]);
  expect(await stateOf(world, id)).toMatchObject({ state: "READY" });
});

test("what keeps values unique is there with the change, of many rows too, and refuses from then on", async () => {
  const world = await aWorld();
  const dataset = await aLargeDataset(world, { indexed: true, unique: true });
  expect(await indexesOf(dataset)).toStrictEqual(["btree (tenant_id, c2)"]);
  const again = await world.run(
    `mutation ($id: ID!) { createRows(input: {datasetId: $id, rows: [{number: 7}]}) { count } }`,
    { variables: { id: dataset.id } },
  );
  expect(again.errors).toHaveLength(1);
  const { indexer } = anIndexer();
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE, "btree (tenant_id, c2)"]);
});

test("columns that a row filter compares have indexes for as long as the filter is there", async () => {
  const world = await aWorld();
  const dataset = await world.dataset({
    columns: [
      { name: "text", type: "TEXT" },
      { name: "number", type: "INTEGER" },
      { name: "other", type: "INTEGER" },
    ],
  });
  const read = {
    and: [
      { column: "text", eq: "a" },
      { column: "number", gt: 1 },
    ],
  };
  const update = { column: "other", eq: 1 };
  const roleId = await world.role({
    grants: [{ datasetId: dataset.id, read: "ALLOW", rowFilter: { read, update } }],
  });
  const { indexer } = anIndexer();
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE, "spgist (c1)"]);
  // Text of any length, which a B-tree would refuse.
  await world.ask(`mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`, {
    variables: {
      input: {
        datasetId: dataset.id,
        rows: [{ text: Array.from({ length: 5_000 }, (_each, n) => n * 7919).join() }],
      },
    },
  });
  await world.ask(
    `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
    {
      variables: {
        input: { roleId, datasetId: dataset.id, rowFilter: { read: { column: "number", eq: 1 } } },
      },
    },
  );
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
});

test("what a broken build left is dropped, and the index built anew", async () => {
  const world = await aWorld();
  const dataset = await aLargeDataset(world);
  const { indexer } = anIndexer();
  await indexed(world, indexer);
  await database.pool.query(
    `UPDATE pg_index SET indisvalid = false
     WHERE indrelid = $1::regclass AND NOT indisprimary`,
    [tableOf(dataset)],
  );
  expect(await indexesOf(dataset)).toStrictEqual([`${BTREE} INVALID`]);
  expect(await stateOf(world, dataset.number)).toMatchObject({ state: "BUILDING" });
  await indexed(world, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
  expect(await stateOf(world, dataset.number)).toMatchObject({ state: "READY" });
});

test("an index that cannot be built says why, and leaves nothing", async () => {
  const world = await aWorld();
  const dataset = await aLargeDataset(world);
  await fill(world, dataset, {
    rows: 1,
    cells: { 1: "(SELECT string_agg(md5(k::text), '') FROM generate_series(1, 1000) k)" },
  });
  const id = dataset.columns["text"] ?? "";
  await world.ask(UPDATE, { variables: { input: { id, indexed: true } } });
  const { indexer, lines } = anIndexer();
  await indexed(world, indexer);
  await indexed(world, indexer);
  expect(await stateOf(world, id)).toMatchObject({
    state: "FAILED",
    progress: null,
    reason: expect.stringContaining("longer than an index takes") as string,
  });
  expect(lines.filter(({ message }) => message === "An index could not be built.")).toHaveLength(1);
  expect((await indexesOf(dataset)).filter((index) => !index.endsWith("INVALID"))).toStrictEqual([
    BTREE,
  ]);
});

test("rounds look again at tenants whose rights or definitions have changed, and at no others", async () => {
  const world = await aWorld();
  const dataset = await world.dataset({ columns: [{ name: "number", type: "INTEGER" }] });
  const { indexer } = anIndexer();
  await indexer.indexAll();
  await database.pool.query(`CREATE INDEX ON ${tableOf(dataset)} (c1)`);
  await indexer.indexAll();
  expect(await indexesOf(dataset)).toStrictEqual(["btree (c1)"]);
  const rowFilter = { read: { column: "number", eq: 1 } };
  await world.role({ grants: [{ datasetId: dataset.id, rowFilter }] });
  await vi.waitFor(async () => {
    await indexer.indexAll();
    expect(await indexesOf(dataset)).toStrictEqual(["btree (tenant_id, c1, id)"]);
  }, 20_000);
});

test("how an index stands is told to those who may change columns alone", async () => {
  const world = await aWorld();
  const dataset = await aLargeDataset(world);
  const permissions = ["dataset::get", "node::get", "row::get"];
  const grants = [{ datasetId: dataset.id, read: "ALLOW" as const }];
  const [reader, changer] = [
    await world.key({ roles: [{ permissions, grants }] }),
    await world.key({ roles: [{ permissions: [...permissions, "column::update"], grants }] }),
  ];
  expect(await stateOf(world, dataset.number, reader)).toBeNull();
  expect(await stateOf(world, dataset.number, changer)).toMatchObject({ state: "BUILDING" });
  const some = { ...grants[0], rowFilter: { read: { column: "number", lt: 10 } } };
  const partly = await world.key({
    roles: [{ permissions: [...permissions, "column::update"], grants: [some as NewGrant] }],
  });
  expect(await stateOf(world, dataset.number, partly)).toBeNull();
});

test("the indexes of another tenant's dataset are left alone, also when its id is claimed", async () => {
  const [world, attacker] = [await aWorld(), await aWorld()];
  const dataset = await aLargeDataset(world);
  const { indexer } = anIndexer();
  await indexed(world, indexer);
  await database.pool.query(
    `INSERT INTO dataset (tenant_id, id, name, label, row_tag, created_by, updated_by)
     VALUES ($1, $2, 'claimed', '', 1, '', '')`,
    [attacker.tenantId, uuidOf(dataset.id)],
  );
  await indexed(attacker, indexer);
  expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
  const sender = { role: "fieldgate_member", tenantId: attacker.tenantId } as const;
  const heard = await asRole(
    database,
    sender,
    `SELECT * FROM fieldgate.index_states(ARRAY['${uuidOf(dataset.id)}'::uuid])`,
  );
  expect(heard).toStrictEqual({ rows: [], code: null });
});

/** Somebody who holds the table as whoever writes to it does, for whom every build of an index waits. */
async function aWriter(dataset: { readonly id: string }) {
  const client = await database.pool.connect();
  await client.query(`BEGIN; LOCK TABLE ${tableOf(dataset)} IN ROW EXCLUSIVE MODE`);
  return {
    end: async () => {
      await client.query("ROLLBACK");
      client.release();
    },
  };
}

/** Waits until somebody waits for the writer. */
async function someoneWaits(dataset: { readonly id: string }): Promise<void> {
  const { rowCount } = await database.pool.query(
    `SELECT FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND query LIKE '%CREATE%INDEX%' || $1 || '%'`,
    [tableOf(dataset).slice("data.".length)],
  );
  if (rowCount === 0) {
    await setTimeout(20);
    await someoneWaits(dataset);
  }
}

// The embedded database does one thing at a time.
describe.skipIf(database.kind === "PGlite")("while an index of many rows is built", () => {
  const CHANGE = `mutation ($id: ID!, $row: ID!) {
    updateRows(input: {datasetId: $id, rows: [{id: $row, values: {number: 5}}]}) { count }
  }`;

  test("rows are read and written as ever", async () => {
    const world = await aWorld();
    const dataset = await aLargeDataset(world);
    const writer = await aWriter(dataset);
    const { indexer } = anIndexer();
    const building = indexed(world, indexer);
    await someoneWaits(dataset);
    const variables = { id: dataset.id, row: dataset.rows[0] };
    const changed = await world.run(CHANGE, { variables });
    expect(await stateOf(world, dataset.number)).toMatchObject({ state: "BUILDING" });
    await writer.end();
    await building;
    expect(changed.errors).toStrictEqual([]);
    expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
  });

  test("which would wait for a build of the other kind", async () => {
    const world = await aWorld();
    const dataset = await aLargeDataset(world);
    const writer = await aWriter(dataset);
    const client = await database.pool.connect();
    await client.query("SET lock_timeout = 0");
    const building = client.query(`CREATE INDEX ON ${tableOf(dataset)} (tenant_id, c2, id)`);
    await someoneWaits(dataset);
    const variables = { id: dataset.id, row: dataset.rows[0] };
    const changed = await world.run(CHANGE, { variables });
    await writer.end();
    await building;
    client.release(true);
    expect(changed.errors[0]?.extensions.code).toBe("UNAVAILABLE");
  });

  test("its definition cannot be changed, and who tries keeps nobody waiting", async () => {
    const world = await aWorld();
    const dataset = await aLargeDataset(world);
    const writer = await aWriter(dataset);
    const { indexer } = anIndexer();
    const building = indexed(world, indexer);
    await someoneWaits(dataset);
    const began = performance.now();
    const add = `mutation ($id: ID!) {
      addColumn(input: {datasetId: $id, column: {name: "more", type: TEXT}}) { column { id } }
    }`;
    const refused = await world.run(add, { variables: { id: dataset.id } });
    const took = performance.now() - began;
    await writer.end();
    await building;
    expect(refused.errors[0]?.extensions.code).toBe("UNAVAILABLE");
    // A wait for a lock would take five seconds.
    expect(took).toBeLessThan(4_000);
    await world.ask(add, { variables: { id: dataset.id } });
  });

  test("a server that stops breaks it off, and the next begins it anew", async () => {
    const world = await aWorld();
    const dataset = await aLargeDataset(world);
    const writer = await aWriter(dataset);
    const { indexer, lines } = anIndexer();
    const building = indexed(world, indexer);
    await someoneWaits(dataset);
    await indexer.stop();
    await building;
    await writer.end();
    expect(await indexesOf(dataset)).toStrictEqual([`${BTREE} INVALID`]);
    expect(lines.map(({ message }) => message)).toStrictEqual(["index begun"]);
    await indexed(world);
    expect(await indexesOf(dataset)).toStrictEqual([BTREE]);
  });
});
