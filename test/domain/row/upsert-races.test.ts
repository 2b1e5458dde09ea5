import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { writingIn } from "../../db/as-role.ts";
import { aWorld } from "../../support/world.ts";

const world = await aWorld();
const { database } = world;

interface Upserted {
  upsertRows: { results: { operation: string; version: number }[] };
}

const UPSERT = `mutation ($input: UpsertRowsInput!) {
  upsertRows(input: $input) { results { operation version } }
}`;

const counters = () =>
  world.dataset({
    columns: [
      { name: "sku", type: "TEXT" },
      { name: "writer", type: "INTEGER" },
    ],
    keyColumns: ["sku"],
  });

const upsert = (datasetId: string, skus: readonly string[], writer: number) =>
  world.run<Upserted>(UPSERT, {
    variables: { input: { datasetId, rows: skus.map((sku) => ({ values: { sku, writer } })) } },
  });

/** A part of the keys for each writer, in an order of its own; any two have many in common. */
function keysOf(writer: number, count: number): string[] {
  const part = Array.from(
    { length: count },
    (_, at) => `sku ${(at * 7 + writer * 13) % (count * 2)}`,
  );
  return writer % 2 === 0 ? part : part.toReversed();
}

interface Stored {
  readonly sku: string;
  readonly writer: number;
  readonly version: number;
}

async function rowsOf(id: string): Promise<Stored[]> {
  const { dataset } = await world.ask<{
    dataset: { rows: { nodes: { values: Omit<Stored, "version">; version: number }[] } };
  }>(`query ($id: ID!) { dataset(id: $id) { rows(first: 10000) { nodes { values version } } } }`, {
    variables: { id },
  });
  return dataset.rows.nodes.map(({ values, version }) => ({ ...values, version }));
}

/** Whether the writers can be put in one order, given pairs of which the first came before the second. */
function isSerial(before: ReadonlySet<string>, writers: readonly number[]): boolean {
  if (writers.length === 0) return true;
  const first = writers.find((one) => !writers.some((other) => before.has(`${other} ${one}`)));
  return (
    first !== undefined &&
    isSerial(
      before,
      writers.filter((each) => each !== first),
    )
  );
}

test("sixteen bulk upserts of overlapping keys at once end as in one of the serial orders", async () => {
  const { id } = await counters();
  const writers = Array.from({ length: 16 }, (_, writer) => writer);
  const keys = writers.map((writer) => keysOf(writer, 150));
  const answers = await Promise.all(
    writers.map((writer) => upsert(id, keys[writer] ?? [], writer)),
  );
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);

  const written = answers.flatMap(({ data }, writer) =>
    (data?.upsertRows.results ?? []).map((result, at) => ({
      ...result,
      writer,
      sku: keys[writer]?.[at] ?? "",
    })),
  );
  const bySku = grouped(written);
  const before = new Set<string>();
  const last = new Map<string, Stored>();
  for (const [sku, writes] of bySku) {
    const inOrder = writes.toSorted((one, other) => one.version - other.version);
    expect(inOrder.map(({ version }) => version)).toEqual(writes.map((_, at) => at + 1));
    expect(inOrder.map(({ operation }) => operation === "CREATED")).toEqual(
      writes.map((_, at) => at === 0),
    );
    for (const [at, { writer }] of inOrder.entries()) {
      for (const later of inOrder.slice(at + 1)) before.add(`${writer} ${later.writer}`);
      last.set(sku, { sku, writer, version: at + 1 });
    }
  }
  expect(isSerial(before, writers)).toBe(true);
  const stored = await rowsOf(id);
  expect(new Map(stored.map((row) => [row.sku, row]))).toEqual(last);
});

function grouped<Item extends { readonly sku: string }>(items: readonly Item[]) {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.sku, [...(groups.get(item.sku) ?? []), item]);
  return groups;
}

test("upserts among creations, changes and deletions of the same rows are never in their way", async () => {
  const { id } = await counters();
  const skus = keysOf(0, 20);
  await upsert(id, skus, 0);
  const createdBy = `mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`;
  const removed = `mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { count } }`;
  const ids = await idsOf(id);
  const rivals = skus.flatMap((sku, at) => [
    world.run(createdBy, { variables: { input: { datasetId: id, rows: [{ sku, writer: -1 }] } } }),
    world.run(removed, { variables: { input: { datasetId: id, rows: [{ id: ids[at] }] } } }),
  ]);
  const upserts = Array.from({ length: 6 }, (_, writer) => upsert(id, skus, writer));
  const [answers] = await Promise.all([Promise.all(upserts), Promise.all(rivals)]);
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  const stored = await rowsOf(id);
  expect(new Set(stored.map(({ sku }) => sku)).size).toBe(stored.length);
});

async function idsOf(id: string): Promise<string[]> {
  const { dataset } = await world.ask<{ dataset: { rows: { nodes: { id: string }[] } } }>(
    `query ($id: ID!) { dataset(id: $id) { rows(first: 100) { nodes { id } } } }`,
    { variables: { id } },
  );
  return dataset.rows.nodes.map((row) => row.id);
}

/** Waits until some transaction waits for another. */
async function untilSomebodyWaits(): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')
         AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
    );
    if (rows.length > 0) return;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(10);
  }
  throw new Error("Nobody waits.");
}

/** Has another connection do something to the rows, uncommitted, until the upsert waits for it. */
async function meanwhile(statement: (table: string) => string) {
  const { id } = await counters();
  await upsert(id, ["a"], 1);
  const client = await database.pool.connect();
  try {
    await client.query(
      `BEGIN; ${writingIn(world.tenantId)}; ${statement(`data.t_${id.slice(-32)}`)}`,
    );
    const late = upsert(id, ["a", "b"], 2);
    await untilSomebodyWaits();
    await client.query("COMMIT");
    const answer = await late;
    expect(answer.errors).toEqual([]);
    const operations = answer.data?.upsertRows.results.map(({ operation }) => operation);
    return {
      operations,
      stored: (await rowsOf(id)).map(({ sku, writer }) => `${sku} ${writer}`),
    };
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

// The embedded database does one transaction at a time: nothing comes between those of an upsert there.
describe.skipIf(database.kind === "PGlite")("an upsert that waits for a row", () => {
  test("that is deleted makes it anew", async () => {
    const { operations, stored } = await meanwhile((table) => `DELETE FROM ${table}`);
    expect(operations).toEqual(["CREATED", "CREATED"]);
    expect(stored.toSorted()).toEqual(["a 2", "b 2"]);
  });

  test("that gets another key makes it anew, and finds it where it has become another of its own", async () => {
    const other = await meanwhile((table) => `UPDATE ${table} SET c1 = 'z', version = version + 1`);
    expect(other.operations).toEqual(["CREATED", "CREATED"]);
    expect(other.stored.toSorted()).toEqual(["a 2", "b 2", "z 1"]);
    const own = await meanwhile((table) => `UPDATE ${table} SET c1 = 'b', version = version + 1`);
    expect(own.operations).toEqual(["CREATED", "UPDATED"]);
    expect(own.stored.toSorted()).toEqual(["a 2", "b 2"]);
  });

  test("that is made meanwhile finds it", async () => {
    const { operations, stored } = await meanwhile(
      (table) => `INSERT INTO ${table} (id, created_at, created_by, updated_at, updated_by, c1)
                  VALUES (gen_random_uuid(), now(), 'x', now(), 'x', 'b')`,
    );
    expect(operations).toEqual(["UPDATED", "UPDATED"]);
    expect(stored.toSorted()).toEqual(["a 2", "b 2"]);
  });
});

test("of two changes of one row that expect the same version exactly one is done", async () => {
  const { id } = await counters();
  await upsert(id, ["a"], 0);
  const writers = Array.from({ length: 8 }, (_, writer) => writer + 1);
  const answers = await Promise.all(
    writers.map((writer) =>
      world.run<Upserted>(UPSERT, {
        variables: {
          input: { datasetId: id, rows: [{ values: { sku: "a", writer }, expectedVersion: 1 }] },
        },
      }),
    ),
  );
  const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? "OK");
  expect(codes.toSorted()).toEqual([...Array.from({ length: 7 }, () => "CONFLICT"), "OK"]);
  expect(await rowsOf(id)).toEqual([
    { sku: "a", writer: writers[codes.indexOf("OK")], version: 2 },
  ]);
});
