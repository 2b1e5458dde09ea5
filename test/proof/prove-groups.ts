import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { readableByName } from "../../src/access/readable-columns.ts";
import { rowFilter, type RowFilterInput } from "../../src/access/row-filter.ts";
import { gives } from "../../src/authz/access-plan.ts";
import { type GroupsRequest, rowGroups } from "../../src/db/row-aggregates.ts";
import { aggregatedColumns } from "../../src/domain/row/aggregated-columns.ts";
import { anAggregation } from "../reference/drawn-asks.ts";
import { type Aggregation, COUNTING, groupRows } from "../reference/group-rows.ts";
import type { Stage } from "../reference/stage.ts";
import { askedTogether } from "./asked-together.ts";
import type { Case } from "./prove-world.ts";

/** Compares, of every case, the groups of its rows: by the reference and by the readable view. */
export async function groupDisagreements(
  cases: readonly Case[],
  set: Stage,
  seed: number,
): Promise<object[]> {
  const asked = cases.map((one, at) => aggregationOf(one, seed + at));
  const requests = cases.map(({ dataset }, at) => requestOf(dataset, asked[at] ?? COUNTING));
  const found = await askedTogether(set, requests, rowGroups);
  return cases.flatMap(({ scene }, at) => {
    const [aggregation, groups] = [asked[at] ?? COUNTING, found[at]];
    const due = groupRows(scene, aggregation);
    const isDue = due.is === "GROUPS" ? isDeepStrictEqual(groups, due.groups) : groups === null;
    return isDue ? [] : [{ caller: scene.caller, aggregation, due, groups }];
  });
}

function aggregationOf({ scene: { dataset } }: Case, seed: number): Aggregation {
  return fc.sample(anAggregation(dataset), { seed, numRuns: 1 })[0] ?? COUNTING;
}

/** Null: the product refuses it, and asks nothing. */
function requestOf(
  dataset: Case["dataset"],
  { filter, ...named }: Aggregation,
): GroupsRequest | null {
  if (!gives(dataset.plan, "READ")) return null;
  const columns = readableByName(dataset);
  try {
    return {
      dataset,
      filter: rowFilter(filter as RowFilterInput, columns),
      ...aggregatedColumns(named, columns),
      after: null,
      limit: 100,
    };
  } catch {
    return null;
  }
}
