import fc from "fast-check";
import sql from "sql-template-tag";
import { afterAll, expect, test } from "vitest";
import { decodeId } from "../../../src/db/id.ts";
import { inTransaction } from "../../../src/db/transaction.ts";
import { answers, shownRow } from "../../reference/answers.ts";
import { cellsOf } from "../../reference/cells-of.ts";
import { aListing, anAggregation, anExporting } from "../../reference/drawn-asks.ts";
import { aWorld as aDrawnWorld } from "../../reference/drawn-world.ts";
import { exportRows } from "../../reference/export-rows.ts";
import { groupRows } from "../../reference/group-rows.ts";
import { heardGroups } from "../../reference/heard-groups.ts";
import { heard, heardExport, heardLists, heardWrite } from "../../reference/heard.ts";
import { listRows } from "../../reference/list-rows.ts";
import type { Caller, Dataset, Scene, World } from "../../reference/model.ts";
import { narrowed } from "../../reference/narrowing.ts";
import { seesRow } from "../../reference/sight.ts";
import { type Asks, stage, type Stage } from "../../reference/stage.ts";
import type { Written } from "../../reference/write.ts";
import { draws } from "../../support/draws.ts";
import { aWorld } from "../../support/world.ts";
import { aWrite, isTelling } from "./drawn-writes.ts";

const { database } = await aWorld();
afterAll(() => database.close());

/** How many worlds are built, each of which many callers ask, and how many cells they are asked of. */
const WORLDS = draws(5);
const CELLS = draws(500);

/** How many more are built at most, where those were too few of something. */
const MOST_MORE = 10;

/** How many lists and exports each caller asks each dataset for, and how many writes it tries in turn. */
const LISTS = 8;
const EXPORTS = 2;
const WRITES = 6;

/** Among how many drawn writes one that tells something of links is sought, every other time. */
const AMONG = 12;

const worlds = aDrawnWorld();

/** What is asked of a world that stands, drawn from a seed. */
interface Asked {
  readonly set: Stage;
  readonly seed: number;
}

function* pairsOf({ callers, datasets }: World): Generator<[Caller, Dataset]> {
  for (const caller of callers) for (const dataset of datasets) yield [caller, dataset];
}

test("whatever roles and row filters there are, the API answers as the contract says", async () => {
  let cells = 0;
  const asked: Asks = { byUsers: 0, byJwts: 0, byTokens: 0, narrowed: 0, all: 0 };
  const property = fc.asyncProperty(worlds, fc.nat(), async (drawn, seed) => {
    const set = await stage(drawn);
    const { world } = set;
    for (const [caller, dataset] of pairsOf(world)) {
      const scene = { world, caller, dataset };
      expect(await heard({ stage: set, caller, dataset })).toEqual(answers(scene));
      await expectNarrowed(scene, { set, seed });
      await expectLists(scene, { set, seed });
      await expectExports(scene, { set, seed });
    }
    await expectWrites({ set, seed });
    cells += cellsOf(world);
    for (const kind of ["byUsers", "byJwts", "byTokens", "narrowed", "all"] as const) {
      asked[kind] += set.asks[kind];
    }
  });
  const isEnough = () => cells > CELLS && asked.byTokens > asked.all / 10;
  await fc.assert(property, { numRuns: WORLDS, endOnFailure: true });
  // Few worlds may by chance be small, or have nobody who comes by a token.
  for (let more = 0; more < MOST_MORE && !isEnough(); more += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await fc.assert(property, { numRuns: 1, endOnFailure: true });
  }
  process.stdout.write(
    `Documents asked: ${asked.all}, by users ${asked.byUsers}, of them by JWTs ${asked.byJwts}, by tokens ${asked.byTokens}, of narrowed roles ${asked.narrowed}\n`,
  );
  expect(cells).toBeGreaterThan(CELLS);
  expect(asked.byUsers).toBeGreaterThan(asked.all / 10);
  expect(asked.byJwts).toBeGreaterThan(asked.all / 20);
  expect(asked.byTokens).toBeGreaterThan(asked.all / 10);
  expect(asked.narrowed).toBeGreaterThan(WORLDS);
});

/** Asks as a request that lists the roles in effect; now and then also one that the caller lacks. */
async function expectNarrowed(scene: Scene, { set, seed }: Asked): Promise<void> {
  const { world, caller, dataset } = scene;
  const drawing = fc.tuple(
    fc.subarray([...caller.roles], { minLength: 1 }),
    fc.integer({ min: 0, max: 9 }).map((drawn) => (drawn === 0 ? ["administrator"] : [])),
  );
  for (const [held, more] of fc.sample(drawing, { seed: seed + caller.roles.length, numRuns: 1 })) {
    const narrowedTo = [...new Set([...held, ...more])];
    const told = await heard({ stage: set, caller, dataset, narrowedTo });
    const narrower = { world, caller: narrowed(world, caller, narrowedTo), dataset };
    expect({ narrowedTo, told }).toEqual({ narrowedTo, told: answers(narrower) });
  }
}

async function expectLists(scene: Scene, { set, seed }: Asked): Promise<void> {
  const { caller, dataset } = scene;
  const listings = fc.sample(aListing(dataset), { seed, numRuns: LISTS });
  const lists = await heardLists({ stage: set, caller, dataset }, listings);
  for (const [index, listing] of listings.entries()) {
    expect({ listing, list: lists[index] }).toEqual({ listing, list: listRows(scene, listing) });
  }
  const some = fc.sample(anAggregation(dataset), { seed, numRuns: LISTS });
  const groups = await heardGroups({ stage: set, caller, dataset }, some);
  for (const [index, asked] of some.entries()) {
    expect({ asked, groups: groups[index] }).toEqual({ asked, groups: groupRows(scene, asked) });
  }
}

async function expectExports(scene: Scene, { set, seed }: Asked): Promise<void> {
  const { caller, dataset } = scene;
  for (const asked of fc.sample(anExporting(dataset), { seed, numRuns: EXPORTS })) {
    const file = await heardExport({ stage: set, caller, dataset }, asked);
    expect({ asked, file }).toEqual({ asked, file: exportRows(scene, asked) });
  }
}

/** Each write finds what those before it left; in the end everybody is asked for everything again. */
async function expectWrites({ set, seed }: Asked): Promise<void> {
  let { world } = set;
  for (let turn = 0; turn < WRITES; turn += 1) {
    for (const [caller, { name }] of pairsOf(world)) {
      const dataset = world.datasets.find((one) => one.name === name);
      if (!dataset || dataset.rows.length === 0) continue;
      const scene = { world, caller, dataset };
      const drawing = aWrite(scene, `${caller.name} ${name} ${turn}`);
      const some = fc.sample(drawing, { seed: seed + turn, numRuns: turn % 2 === 0 ? 1 : AMONG });
      const drawn = some.find(isTelling) ?? some[0];
      if (!drawn) continue;
      const ear = { stage: set, caller, dataset };
      const done = await heardWrite(ear, drawn.write, `${turn} ${name}`);
      const due = drawn.written.codes.includes(done.code) ? [done.code] : drawn.written.codes;
      expect({ ...drawn.write, codes: [done.code] }).toEqual({ ...drawn.write, codes: due });
      expect(done.row).toEqual(rowAfter(scene, drawn.written));
      // What comes again with its key changes nothing, and is answered alike; what failed fails again.
      const isOnce = turn % 3 === 0 && drawn.write.field !== "importRows";
      const again = isOnce ? await heardWrite(ear, drawn.write, `${turn} ${name}`) : done;
      expect(again).toEqual(done);
      ({ world } = drawn.written);
    }
  }
  for (const [caller, dataset] of pairsOf(world)) {
    const scene = { world, caller, dataset };
    expect(await heard({ stage: set, caller, dataset })).toEqual(answers(scene));
  }
  expect(await storedLinks(set)).toEqual(linksOf(world));
}

/** Where rows lead, whoever may read it: what leads to a row that is gone could be seen nowhere else. */
async function storedLinks({ tenant, rows }: Stage): Promise<string[]> {
  const names = new Map([...rows].map(([name, id]) => [decodeId("Row", id), name]));
  const { tenantId } = tenant;
  const reach = { role: "fieldgate_member", tenantId, mode: "snapshot" } as const;
  const stored = await inTransaction(database, reach, (transaction) =>
    transaction.query<{ source_id: string; target_id: string }>(
      sql`SELECT source_id, target_id FROM row_link`,
    ),
  );
  const named = (id: string) => names.get(id) ?? id;
  return stored.map((each) => `${named(each.source_id)} → ${named(each.target_id)}`).toSorted();
}

function linksOf({ datasets }: World): string[] {
  const rows = datasets.flatMap((dataset) => dataset.rows);
  return rows
    .flatMap(({ id, links }) =>
      Object.values(links).flatMap((to) => to.map((at) => `${id} → ${at}`)),
    )
    .toSorted();
}

function rowAfter(scene: Scene, { world, stored }: Written) {
  const dataset = world.datasets.find(({ name }) => name === scene.dataset.name) ?? scene.dataset;
  const after = { ...scene, world, dataset };
  if (!stored || !seesRow(after, stored)) return null;
  return shownRow(after, stored);
}
