import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, inject, test } from "vitest";
import { tenants } from "../../../src/cli/tenant.ts";
import { onDatabase } from "../kills/storage.ts";
import { aBusyPort, aPlace, type Place } from "./place.ts";
import { aServer, type Server, startServer } from "./program.ts";

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

interface DemoFile {
  readonly tenant: string;
  readonly endpoint: string;
  readonly keys: { readonly administrator: string; readonly analyst: string };
}

function keysFile({ dataDir }: Place): string {
  return join(dataDir, "demo-keys.json");
}

function demoOf(place: Place): DemoFile {
  return JSON.parse(readFileSync(keysFile(place), "utf8")) as DemoFile;
}

const MOVIES = `{ dataset(name: "movies") { rowCount columns { name } } }`;

/** The demo is whole: each key answers, and the analyst's without the four columns about money. */
async function expectWhole(server: Server, { keys }: DemoFile): Promise<void> {
  interface Found {
    readonly dataset: { readonly rowCount: number; readonly columns: readonly object[] };
  }
  const all = await server.ask<Found>(keys.administrator, MOVIES);
  const some = await server.ask<Found>(keys.analyst, MOVIES);
  expect([all.dataset.rowCount, all.dataset.columns.length]).toEqual([3_201, 16]);
  expect([some.dataset.rowCount, some.dataset.columns.length]).toEqual([3_201, 12]);
  expect(JSON.stringify(some)).not.toMatch(/gross|sales|budget/);
}

describe("the demo", { timeout: 120_000 }, () => {
  test("is made once, and its keys are in a file for its owner alone", async () => {
    const place = await newPlace();
    const first = await aServer(place, DEMO);
    const demo = demoOf(place);
    expect(demo).toEqual({
      tenant: "demo",
      endpoint: `${first.address}/graphql`,
      keys: {
        administrator: expect.stringMatching(/^fgk_/) as string,
        analyst: expect.stringMatching(/^fgk_/) as string,
      },
    });
    expect(statSync(keysFile(place)).mode & 0o777).toBe(0o600);
    await expectWhole(first, demo);
    const told = (await first.stop()).stdout;
    expect(told).toContain(demo.keys.administrator);
    expect(told).toContain(`curl -s ${demo.endpoint}`);

    const second = await aServer(place, DEMO);
    expect(demoOf(place)).toEqual({ ...demo, endpoint: `${second.address}/graphql` });
    await expectWhole(second, demo);
    expect((await second.stop()).stdout).not.toContain(demo.keys.administrator);
  });

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

  test("is announced by the start that comes to listen, if the first did not", async () => {
    const place = await newPlace();
    const busy = await aBusyPort();
    const failed = await startServer(place, { ...DEMO, PORT: busy.port }).ended;
    expect(failed.code).toBe(1);
    await busy.free();
    const server = await aServer(place, DEMO);
    await expectWhole(server, demoOf(place));
    expect((await server.stop()).stdout).toContain(demoOf(place).keys.administrator);
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
