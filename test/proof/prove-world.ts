import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { KnownDataset } from "../../src/access/known-dataset.ts";
import { readableByName } from "../../src/access/readable-columns.ts";
import { rowFilter, type RowFilterInput } from "../../src/access/row-filter.ts";
import { gives } from "../../src/authz/access-plan.ts";
import { EVERY_ROW } from "../../src/authz/predicate.ts";
import { datasetDefinitions, type DatasetDefinition } from "../../src/db/dataset-definition.ts";
import { decodeId } from "../../src/db/id.ts";
import { readableColumns, readableLinks } from "../../src/db/readable-view.ts";
import { type PageRequest, rowPages } from "../../src/db/row-pages.ts";
import type { Row as FoundRow } from "../../src/db/shown-row.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { rowOrder } from "../../src/domain/row/row-order.ts";
import { cellsOf } from "../reference/cells-of.ts";
import { aListing } from "../reference/drawn-asks.ts";
import { listRows, type Listing } from "../reference/list-rows.ts";
import type { Row, Scene, World } from "../reference/model.ts";
import { readableCells, readsCell, seesRow } from "../reference/sight.ts";
import { stage, type Stage } from "../reference/stage.ts";
import { askedTogether, reachOf } from "./asked-together.ts";
import { decidedIn, inHand } from "./in-code-words.ts";
import { fieldsRead } from "./judged.ts";
import { groupDisagreements } from "./prove-groups.ts";
import { provedWrites } from "./prove-writes.ts";

/** What was compared in a world, and what did not agree. */
export interface Proved {
  /** The tenant that was made for it. */
  readonly slug: string;
  /** Cells of columns and links, each for one caller: by the reference, by the access plan, and by the readable view. */
  readonly cells: number;
  /** Those of them that an access token asks for. */
  readonly cellsOfTokens: number;
  /** Writes of one row: by the reference and by the access plan. */
  readonly writes: number;
  readonly disagreements: readonly object[];
}

/** Compares, for every caller and dataset of a world, what is read and which writes are allowed. */
export async function proveWorld(world: World, seed: number): Promise<Proved> {
  const set = await stage({ ...world, roles: [], callers: [] });
  const cases = await casesOf(world, set);
  const listings = cases.map(({ scene }, at) => listingOf(scene, seed + at));
  const requests = cases.flatMap(({ dataset }, at) => [
    pageOf(dataset, { filter: {} }),
    pageOf(dataset, listings[at] ?? {}),
  ]);
  const pages = await askedTogether(set, requests, rowPages);
  const disagreements = cases.flatMap(({ scene, dataset }, at) => [
    ...readDisagreements(scene, dataset, namesOf(set, pages[at * 2] ?? [])),
    ...listDisagreements(scene, listings[at] ?? {}, pages[at * 2 + 1] ?? null, set),
  ]);
  const ofGroups = await groupDisagreements(cases, set, seed);
  const writes = provedWrites(cases, seed);
  return {
    slug: set.tenant.slug,
    cells: cellsOf({ ...world, callers: world.callers.filter(({ isPublic }) => !isPublic) }),
    cellsOfTokens: cellsOf({ ...world, callers: world.callers.filter(({ token }) => token) }),
    writes: writes.count,
    disagreements: [...disagreements, ...ofGroups, ...writes.disagreements],
  };
}

/** One caller before one dataset, as the reference and as the code has it. */
export interface Case {
  readonly scene: Scene;
  readonly dataset: KnownDataset;
  /** All datasets as the code has them for this caller, by name. */
  readonly ofCaller: ReadonlyMap<string, KnownDataset>;
}

async function casesOf(world: World, set: Stage): Promise<Case[]> {
  const { tenant, datasets } = set;
  const ids = [...datasets.values()].map((id) => decodeId("Dataset", id) ?? "");
  const found = await inTransaction(tenant.database, reachOf(set), (transaction) =>
    datasetDefinitions(transaction, tenant.tenantId, [], { ids }),
  );
  const byName = new Map<string, DatasetDefinition>(found.map((each) => [each.name, each]));
  return world.callers
    .filter(({ isPublic }) => !isPublic)
    .flatMap((caller) => {
      const scenes = world.datasets.map((dataset) => ({ world, caller, dataset }));
      const cases = scenes.flatMap((scene) => {
        const definition = byName.get(scene.dataset.name);
        return definition ? [{ scene, dataset: decidedIn(scene, definition) }] : [];
      });
      const ofCaller = new Map(cases.map(({ scene, dataset }) => [scene.dataset.name, dataset]));
      return cases.map((one) => ({ ...one, ofCaller }));
    });
}

function listingOf({ dataset }: Scene, seed: number): Listing {
  return fc.sample(aListing(dataset), { seed, numRuns: 1 })[0] ?? {};
}

/** Null: the product refuses it, and asks nothing. */
function pageOf(dataset: KnownDataset, { filter, orderBy }: Listing): PageRequest | null {
  if (!gives(dataset.plan, "READ")) return null;
  const columns = readableByName(dataset);
  const isWhole = filter !== undefined && Object.keys(filter).length === 0;
  try {
    return {
      dataset,
      columns: readableColumns(dataset),
      filter: isWhole ? EVERY_ROW : rowFilter(filter as RowFilterInput | undefined, columns),
      ids: null,
      order: rowOrder(orderBy, columns),
      after: null,
      limit: 100,
    };
  } catch {
    return null;
  }
}

/** The rows of a page by their ids in the world. */
function namesOf({ rows }: Stage, page: readonly FoundRow[]): Map<string, FoundRow> {
  const names = new Map([...rows].map(([name, id]) => [decodeId("Row", id), name]));
  return new Map(page.map((row) => [names.get(row.id) ?? row.id, row]));
}

function readDisagreements(
  scene: Scene,
  dataset: KnownDataset,
  shown: ReadonlyMap<string, FoundRow>,
): object[] {
  const astray: object[] = scene.dataset.rows.flatMap((row) => {
    const due = seesRow(scene, row) ? dueOf(scene, row) : null;
    const planned = plannedOf(dataset, row);
    const sql = foundIn(dataset, shown.get(row.id));
    const agree = isDeepStrictEqual(planned, due) && isDeepStrictEqual(sql, due);
    return agree ? [] : [{ caller: scene.caller, row, due, planned, sql }];
  });
  return shown.size > scene.dataset.rows.length ? [...astray, { shown }] : astray;
}

/** What is read of a row: its cells, and the names of the links of which it is read where they lead. */
interface Read {
  readonly cells: Readonly<Record<string, unknown>>;
  readonly links: readonly string[];
}

function dueOf(scene: Scene, row: Row): Read {
  const links = scene.dataset.links.filter(({ name }) => readsCell(scene, row, name));
  return { cells: readableCells(scene, row), links: links.map(({ name }) => name) };
}

function plannedOf(dataset: KnownDataset, row: Row): Read | null {
  const read = fieldsRead(dataset, inHand(row, dataset.definition));
  if (read === null) return null;
  const columns = dataset.definition.columns.filter(({ id }) => read.has(id));
  const links = dataset.definition.links.filter(({ id }) => read.has(id));
  return {
    cells: Object.fromEntries(columns.map(({ name }) => [name, row.cells[name] ?? null])),
    links: links.map(({ name }) => name),
  };
}

function foundIn(dataset: KnownDataset, row: FoundRow | undefined): Read | null {
  if (!row) return null;
  const links = readableLinks(dataset).filter(({ id }) => !row.hidden.includes(id));
  return { cells: row.cells, links: links.map(({ name }) => name) };
}

function listDisagreements(
  scene: Scene,
  listing: Listing,
  page: readonly FoundRow[] | null,
  set: Stage,
): object[] {
  const due = listRows(scene, listing);
  const ids = page && [...namesOf(set, page).keys()];
  const isDue = due.is === "ROWS" ? isDeepStrictEqual(ids, due.ids) : ids === null;
  return isDue ? [] : [{ caller: scene.caller, listing, due, ids }];
}
