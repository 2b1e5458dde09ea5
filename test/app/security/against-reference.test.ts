import fc from "fast-check";
import sql from "sql-template-tag";
import { afterAll, expect, test } from "vitest";
import { decodeId } from "../../../src/db/id.ts";
import { inTransaction } from "../../../src/db/transaction.ts";
import { answers, shownRow } from "../../reference/answers.ts";
import { cellsOf } from "../../reference/cells-of.ts";
import { createRow } from "../../reference/create-row.ts";
import { deleteRow } from "../../reference/delete-row.ts";
import {
  aListing,
  anAggregation,
  aNewRow,
  anExporting,
  anUpsert,
  aRowChange,
} from "../../reference/drawn-asks.ts";
import { KEY } from "../../reference/drawn-dataset.ts";
import { aWorld as aDrawnWorld } from "../../reference/drawn-world.ts";
import { exportRows } from "../../reference/export-rows.ts";
import { groupRows } from "../../reference/group-rows.ts";
import { heardGroups } from "../../reference/heard-groups.ts";
import { heard, heardExport, heardLists, heardWrite, type Write } from "../../reference/heard.ts";
import { listRows } from "../../reference/list-rows.ts";
import type { Caller, Dataset, Scene, World } from "../../reference/model.ts";
import { seesRow } from "../../reference/sight.ts";
import { stage, type Stage } from "../../reference/stage.ts";
import { updateRow } from "../../reference/update-row.ts";
import { upsertRow } from "../../reference/upsert-row.ts";
import type { Written } from "../../reference/write.ts";
import { draws } from "../../support/draws.ts";
import { aWorld } from "../../support/world.ts";

const { database } = await aWorld();
afterAll(() => database.close());

/** How many worlds are built, each of which many callers ask, and how many cells they are asked of. */
const WORLDS = draws(7);
const CELLS = draws(500);

/** How many lists and exports each caller asks each dataset for, and how many writes it tries in turn. */
const LISTS = 8;
const EXPORTS = 2;
const WRITES = 6;

/** Among how many drawn writes one that tells something of links is sought, every other time. */
const AMONG = 12;

const worlds = aDrawnWorld({ variables: ["$now", "$user.id", "$client.id"] });

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
  const property = fc.asyncProperty(worlds, fc.nat(), async (world, seed) => {
    const set = await stage(world);
    for (const [caller, dataset] of pairsOf(world)) {
      const scene = { world, caller, dataset };
      expect(await heard({ stage: set, caller, dataset })).toEqual(answers(scene));
      await expectLists(scene, { set, seed });
      await expectExports(scene, { set, seed });
    }
    await expectWrites({ set, seed });
    cells += cellsOf(world);
  });
  await fc.assert(property, { numRuns: WORLDS, endOnFailure: true });
  expect(cells).toBeGreaterThan(CELLS);
});

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

/** A write, and what becomes of it: as it is, and if it set no links. */
interface Drawn {
  readonly write: Write;
  readonly written: Written;
  readonly unlinked: Written;
}

/** Whether a write is done that is about links, or fails by them alone, as few do that are drawn by chance. */
function isTelling({ write, written: { codes }, unlinked }: Drawn): boolean {
  if (write.field === "deleteRows") return codes.includes("OK");
  if (codes.includes("OK")) return Object.values(write.links).some((ids) => ids.length > 0);
  return codes.includes("NOT_FOUND") && unlinked.codes.includes("OK");
}

function aWrite(scene: Scene, id: string): fc.Arbitrary<Drawn> {
  const { world, dataset } = scene;
  return fc.oneof(
    aNewRow(world, dataset, id).map((row) => ({
      write: { field: "createRows" as const, ...row },
      written: createRow(scene, row),
      unlinked: createRow(scene, { ...row, links: {} }),
    })),
    aNewRow(world, dataset, id).map(({ cells }) => {
      const row = { id, cells, links: {} };
      const written = createRow(scene, row, "row::import");
      return { write: { field: "importRows" as const, ...row }, written, unlinked: written };
    }),
    aRowChange(world, dataset).map((change) => ({
      write: { field: "updateRows" as const, ...change },
      written: updateRow(scene, change),
      unlinked: updateRow(scene, { ...change, links: {} }),
    })),
    anUpsert(world, dataset, id).map((row) => ({
      write: { field: "upsertRows" as const, by: KEY, ...row },
      written: upsertRow(scene, KEY, row),
      unlinked: upsertRow(scene, KEY, { ...row, links: {} }),
    })),
    fc.constantFrom(...dataset.rows).map((row) => ({
      write: { field: "deleteRows" as const, id: row.id },
      written: deleteRow(scene, row.id),
      unlinked: deleteRow(scene, row.id),
    })),
  );
}
