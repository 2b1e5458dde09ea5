import type { Cell, Dataset, Row, Scene, World } from "./model.ts";
import { knowsPlace, seenRow } from "./sight.ts";

/** How a write may end: done, or refused with a code. */
export type WriteCode = "OK" | "NOT_FOUND" | "FORBIDDEN" | "BAD_USER_INPUT";

/** What became of the write of one row. */
export interface Written {
  /** The one answer that is right; more than one where a write has several faults at once. */
  readonly codes: readonly WriteCode[];
  /** The tenant after it; as before where it was refused. */
  readonly world: World;
  /** The row as it is stored after it; null where it was refused or deleted. */
  readonly stored: Row | null;
}

/** What a write sets: cells by column name, and ids of rows by link name. */
export interface Sets {
  readonly cells: Readonly<Record<string, Cell>>;
  readonly links: Readonly<Record<string, readonly string[]>>;
}

/** The names of all that a write sets. */
export function namesSet({ cells, links }: Sets): string[] {
  return [...Object.keys(cells), ...Object.keys(links)];
}

/** A refusal, which changes nothing. */
export function refused({ world }: Scene, ...codes: readonly WriteCode[]): Written {
  return { codes: [...new Set(codes)], world, stored: null };
}

/** The world with other rows in the dataset of the scene. */
export function worldWith({ world, dataset }: Scene, rows: readonly Row[]): World {
  const changed: Dataset = { ...dataset, rows };
  const datasets = world.datasets.map((one) => (one.name === dataset.name ? changed : one));
  return { ...world, datasets };
}

/** The names of the columns and links that a write sets and the caller knows. */
export function knownNamesSet(scene: Scene, sets: Sets): string[] {
  return namesSet(sets).filter((name) => knowsPlace(scene, name));
}

/** Whether the caller does not know one of the columns or links that a write sets. */
export function namesUnknown(scene: Scene, sets: Sets): boolean {
  const isColumn = (name: string) => scene.dataset.columns.some((one) => one.name === name);
  const isLink = (name: string) => scene.dataset.links.some((one) => one.name === name);
  return (
    namesSet(sets).some((name) => !knowsPlace(scene, name)) ||
    !Object.keys(sets.cells).every(isColumn) ||
    !Object.keys(sets.links).every(isLink)
  );
}

/** Whether a link that the caller knows is set to a row that it does not see, as to one that never existed. */
export function namesUnseenTarget(scene: Scene, { links }: Sets): boolean {
  for (const [name, ids] of Object.entries(links)) {
    if (!knowsPlace(scene, name)) continue;
    const link = scene.dataset.links.find((one) => one.name === name);
    const target = scene.world.datasets.find((one) => one.name === link?.target);
    if (!target) return true;
    if (ids.some((id) => seenRow({ ...scene, dataset: target }, id) === null)) return true;
  }
  return false;
}

/** Whether a column that is unique is set to a value that another row has, whoever sees it. */
export function setsTakenValue({ dataset }: Scene, { cells }: Sets, own: string | null): boolean {
  for (const { name, isUnique = false } of dataset.columns) {
    const value = cells[name] ?? null;
    if (!isUnique || value === null) continue;
    if (dataset.rows.some((row) => row.id !== own && row.cells[name] === value)) return true;
  }
  return false;
}

/** Whether a required column is set to no value. */
export function setsRequiredToNull({ dataset }: Scene, { cells }: Sets): boolean {
  return dataset.columns.some(({ name, isRequired }) => isRequired && cells[name] === null);
}
