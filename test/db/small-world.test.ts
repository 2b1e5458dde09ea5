/**
 * Every set of at most two roles over one dataset of two columns and two rows: what the reference answers
 * about READ, the readable view has to show.
 */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KnownDataset } from "../../src/access/known-dataset.ts";
import { EVERY_ROW } from "../../src/authz/predicate.ts";
import { datasetDefinitions, type DatasetDefinition } from "../../src/db/dataset-definition.ts";
import { decodeId } from "../../src/db/id.ts";
import { readableColumns, readableView } from "../../src/db/readable-view.ts";
import { type PageRequest, rowPages } from "../../src/db/row-pages.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import type { Action, Scene } from "../reference/model.ts";
import { smallAnswers } from "../reference/small-answers.ts";
import { everySet, type Policy, SMALL, smallWorld } from "../reference/small-world.ts";
import { stage } from "../reference/stage.ts";
import { decidedIn } from "../proof/in-code-words.ts";

const SETS = 23_653;

/** How many readable views one statement asks. */
const AT_ONCE = 50;

const set = await stage({ ...smallWorld("READ", []), roles: [], callers: [] });
const { database, tenantId } = set.tenant;
afterAll(() => database.close());

let definition: DatasetDefinition;

const reach = { role: "fieldgate_member", tenantId, mode: "snapshot" } as const;

beforeAll(async () => {
  const id = decodeId("Dataset", set.datasets.get(SMALL.name) ?? "") ?? "";
  const [found] = await inTransaction(database, reach, (transaction) =>
    datasetDefinitions(transaction, tenantId, [], { ids: [id] }),
  );
  if (!found) throw new Error("The small dataset was not made.");
  definition = found;
});

function sceneOf(action: Action, policies: readonly Policy[]): Scene {
  const world = smallWorld(action, policies);
  const [caller] = world.callers;
  if (!caller) throw new Error("The small world has one caller.");
  return { world, caller, dataset: SMALL };
}

test("of every set of at most two roles the readable view shows what the contract says", async () => {
  const asked = new Map<string, { dataset: KnownDataset; due: string[]; policies: object }>();
  let count = 0;
  const astray: object[] = [];
  for (const policies of everySet()) {
    count += 1;
    const scene = sceneOf("READ", policies);
    const dataset = decidedIn(scene, definition);
    const due = smallAnswers("READ", scene.world);
    const { text, values } = readableView(dataset);
    const key = `${text} ${JSON.stringify(values)}`;
    const same = asked.get(key);
    if (!same) asked.set(key, { dataset, due, policies });
    else if (!isDeepStrictEqual(same.due, due)) astray.push({ policies, same, due });
  }
  const views = [...asked.values()];
  for (let from = 0; from < views.length; from += AT_ONCE) {
    const some = views.slice(from, from + AT_ONCE);
    // eslint-disable-next-line no-await-in-loop
    const shown = await shownBy(some.map(({ dataset }) => dataset));
    for (const [index, { due, policies }] of some.entries()) {
      if (!isDeepStrictEqual(shown[index], due)) astray.push({ policies, due, done: shown[index] });
    }
  }
  expect(astray.slice(0, 3)).toEqual([]);
  expect(count).toBe(SETS);
  console.log(`Small world: ${count} sets of roles make ${views.length} readable views.`);
});

async function shownBy(datasets: readonly KnownDataset[]): Promise<string[][]> {
  const requests = datasets.map((dataset): PageRequest => ({
    dataset,
    columns: readableColumns(dataset),
    filter: EVERY_ROW,
    ids: null,
    order: [],
    after: null,
    limit: 10,
  }));
  const pages = await inTransaction(database, reach, (transaction) =>
    rowPages(transaction, requests),
  );
  const ids = SMALL.rows.map(({ id }) => decodeId("Row", set.rows.get(id) ?? ""));
  return pages.map((rows) =>
    ids.map((id) => {
      const row = rows.find((each) => each.id === id);
      return row ? JSON.stringify(row.cells) : "unseen";
    }),
  );
}
