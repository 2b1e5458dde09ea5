import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { DemoFile } from "../../../src/cli/demo/demo-file.ts";
import { DEMO_QUERIES } from "../../../src/cli/demo/demo-queries.ts";
import { tenants } from "../../../src/cli/tenant.ts";
import { hold } from "../kills/scene.ts";
import { onDatabase } from "../kills/storage.ts";
import { aBusyPort, aPlace, type Place } from "./place.ts";
import { aServer, type Server, startServer } from "./program.ts";
import { expectReadme } from "./readme.ts";

const isEmbedded = "pgliteTemplate" in inject("database");

/** What makes the demo: nothing in the embedded database, where nobody has to ask for it. */
const DEMO = { FIELDGATE_DEMO: isEmbedded ? "" : "1" };
const drops: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(drops.map((drop) => drop())));

async function newPlace(): Promise<Place> {
  const place = await aPlace(inject("database"));
  drops.push(place.drop);
  return place;
}

function keysFile({ dataDir }: Place): string {
  return join(dataDir, "demo-keys.json");
}

function demoOf(place: Place): DemoFile {
  return JSON.parse(readFileSync(keysFile(place), "utf8")) as DemoFile;
}

const MOVIES = `{ dataset(name: "movies") { rowCount columns { name } } datasets { nodes { name } } }`;

interface Found {
  readonly dataset: { readonly rowCount: number; readonly columns: readonly { name: string }[] };
  readonly datasets: { readonly nodes: readonly { name: string }[] };
}

/** The demo is whole: each key sees what it may, and not more. */
async function expectWhole(server: Server, { keys }: DemoFile): Promise<void> {
  const all = await server.ask<Found>(keys.administrator, MOVIES);
  expect([all.dataset.rowCount, all.dataset.columns.length]).toEqual([3_201, 16]);
  expect(all.datasets.nodes).toHaveLength(5);
  const some = await server.ask<Found>(keys.analyst, MOVIES);
  expect([some.dataset.rowCount, some.dataset.columns.length]).toEqual([3_201, 14]);
  expect(JSON.stringify(some)).not.toMatch(/gross/);
  expect(await server.ask(keys.partner, MOVIES)).toEqual({
    dataset: {
      rowCount: 3_201,
      columns: [{ name: "title" }, { name: "director" }, { name: "imdb_rating" }],
    },
    datasets: { nodes: [{ name: "movies" }] },
  });
}

interface Airport {
  readonly dataset: {
    readonly id: string;
    readonly rows: { readonly nodes: readonly { id: string; values: object }[] };
  };
}

const CORRECT = `mutation ($datasetId: ID!, $id: ID!, $values: JSON!) {
  updateRows(input: { datasetId: $datasetId, rows: [{ id: $id, values: $values }] }) {
    rows { values }
  }
}`;

/** The key for data entry reads two columns of airports, changes one of them, and does nothing else. */
async function expectDataEntry({ ask }: Server, { keys }: DemoFile): Promise<void> {
  const key = keys.dataEntry;
  const query = DEMO_QUERIES.find((each) => each.key === "dataEntry")?.query ?? "";
  const { dataset } = await ask<Airport>(key, query);
  const [row] = dataset.rows.nodes;
  expect(row?.values).toEqual({ iata: "ORD", name: "Chicago O'Hare International" });
  const correct = (values: object) =>
    ask(key, CORRECT, { datasetId: dataset.id, id: row?.id, values });
  expect(await correct({ name: "O'Hare" })).toEqual({
    updateRows: { rows: [{ values: { iata: "ORD", name: "O'Hare" } }] },
  });
  await expect(correct({ iata: "XXX" })).rejects.toThrow("FORBIDDEN");
  await expect(correct({ city: "Chicago" })).rejects.toThrow("UNKNOWN_COLUMN");
  expect(await ask(key, MOVIES)).toEqual({
    dataset: null,
    datasets: { nodes: [{ name: "airports" }] },
  });
  const remove = `mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { __typename } }`;
  const removed = ask(key, remove, { input: { datasetId: dataset.id, rows: [{ id: row?.id }] } });
  await expect(removed).rejects.toThrow("FORBIDDEN");
}

describe("the demo, made once", () => {
  let place: Place;
  let server: Server;
  let demo: DemoFile;

  beforeAll(async () => {
    place = await newPlace();
    const busy = await aBusyPort();
    // It makes the demo and tells nobody, since it does not come to listen.
    const failed = await startServer(place, { ...DEMO, PORT: busy.port }).ended;
    hold(failed.code === 1, "a server does not start on a busy port");
    await busy.free();
    server = await aServer(place, DEMO);
    demo = demoOf(place);
  });

  test("has its keys in a file for its owner alone", () => {
    const aKey = expect.stringMatching(/^fgk_/) as string;
    expect(demo).toEqual({
      tenant: "demo",
      endpoint: `${server.address}/graphql`,
      keys: { administrator: aKey, analyst: aKey, partner: aKey, dataEntry: aKey },
    });
    expect(statSync(keysFile(place)).mode & 0o777).toBe(0o600);
  });

  test("gives each key what it may see, and not more", () => expectWhole(server, demo));

  test("lets data entry change one column", () => expectDataEntry(server, demo));

  test("is what the README says: every block of it does what stands there", async () => {
    await expectReadme(place, server, demo);
  });

  test("is announced when the server first listens, and by no start after it", async () => {
    const told = (await server.stop()).stdout;
    const commands = [...told.matchAll(/^ {2}curl -s \S+ .*'x-api-key: (\S+)' -d '(.*)'$/gm)];
    expect(commands.map(([, key]) => key)).toEqual(Object.values(demo.keys));
    const second = await aServer(place, DEMO);
    expect(demoOf(place)).toEqual({ ...demo, endpoint: `${second.address}/graphql` });
    for (const [, key = "", body = ""] of commands) {
      expect(await second.ask(key, (JSON.parse(body) as { query: string }).query)).toBeTruthy();
    }
    expect((await second.stop()).stdout).not.toContain(demo.keys.administrator);
  });
});

describe("the demo", () => {
  test("that was cut short by a kill is made anew", async () => {
    const place = await newPlace();
    const killed = startServer(place, DEMO);
    await untilTenantOf(place);
    await killed.kill();
    const server = await aServer(place, DEMO);
    await expectWhole(server, demoOf(place));
    const { stdout } = await server.stop();
    expect(stdout).toContain(demoOf(place).keys.analyst);
    expect(await onDatabase(place, tenants)).toMatchObject([{ slug: "demo", label: "Demo" }]);
  });

  test("is not made where it is not wanted, nor on PostgreSQL unasked", async () => {
    const place = await newPlace();
    const server = await aServer(place, { FIELDGATE_DEMO: isEmbedded ? "0" : "" });
    expect(await onDatabase(place, tenants)).toEqual([]);
    expect(existsSync(keysFile(place))).toBe(false);
    await server.stop();
  });
});

/** Waits until the demo has begun. An embedded database may be asked once its holder has its socket. */
async function untilTenantOf(place: Place): Promise<void> {
  const isHeld = place.kind === "PostgreSQL" || existsSync(join(place.dataDir, "socket"));
  const known = isHeld ? await onDatabase(place, tenants).catch(() => []) : [];
  if (known.length > 0) return;
  await sleep(10);
  await untilTenantOf(place);
}
