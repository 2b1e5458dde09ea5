import { EVERY_ACTION, type Cell, type Column, type Row, type Scene } from "./model.ts";
import { meetsConditions } from "./restriction.ts";
import { may, maySomewhere, placesOf, roleGives, rolesOf, rowFilterOf } from "./rights.ts";
import { letsThrough } from "./row-filter.ts";

/** Whether some role gives any action on the dataset or on something in it. */
export function knowsDataset(scene: Scene): boolean {
  return EVERY_ACTION.some((action) => maySomewhere(scene, action));
}

/** Whether some role gives any action on a column or link, in whichever rows. */
export function knowsPlace(scene: Scene, place: string): boolean {
  if (!placesOf(scene.dataset).includes(place)) return false;
  return EVERY_ACTION.some((action) => may(scene, action, place));
}

/** Whether the conditions let the row through, and one role gives both it and the cell of a column or link in it. */
export function readsCell(scene: Scene, row: Row, place: string): boolean {
  if (!meetsConditions(scene, row)) return false;
  for (const role of rolesOf(scene.world, scene.caller)) {
    const givesRow = letsThrough(rowFilterOf(role, scene.dataset, "READ"), row, scene);
    if (givesRow && roleGives(role, scene, "READ", place)) return true;
  }
  return false;
}

/** Whether one role gives the row and at least one of its columns or links. */
export function seesRow(scene: Scene, row: Row): boolean {
  return placesOf(scene.dataset).some((place) => readsCell(scene, row, place));
}

/** The row of an id, if it is in the dataset and the caller sees it. */
export function seenRow(scene: Scene, id: string): Row | null {
  for (const row of scene.dataset.rows) if (row.id === id && seesRow(scene, row)) return row;
  return null;
}

/** Names of the columns that the caller knows and may not read in this row. */
export function hiddenColumns(scene: Scene, row: Row): string[] {
  const names = scene.dataset.columns.map(({ name }) => name);
  return names.filter((name) => knowsPlace(scene, name) && !readsCell(scene, row, name));
}

/** The cells of a row that the caller may read, by column name: `Row.values`. */
export function readableCells(scene: Scene, row: Row): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const { name } of scene.dataset.columns) {
    if (readsCell(scene, row, name)) cells[name] = row.cells[name] ?? null;
  }
  return cells;
}

/** A row that another leads to, as a caller gets it. */
export interface ShownTarget {
  readonly id: string;
  /** `Row.values`. */
  readonly values: Readonly<Record<string, Cell>>;
}

/** What `Row.linked` answers: rows, nothing, or an error with a code. */
export type LinkAnswer =
  | { readonly is: "ROWS"; readonly rows: readonly ShownTarget[]; readonly totalCount: number }
  | { readonly is: "NOTHING" }
  | { readonly is: "ERROR"; readonly code: "BAD_USER_INPUT" };

/** What `Row.linked` answers about a link of a row that the caller sees. */
export function linkAnswer(scene: Scene, row: Row, name: string): LinkAnswer {
  if (!knowsPlace(scene, name)) return { is: "ERROR", code: "BAD_USER_INPUT" };
  const rows = readableTargets(scene, row, name);
  if (rows === null) return { is: "NOTHING" };
  return { is: "ROWS", rows, totalCount: rows.length };
}

/**
 * The rows that a link of a row leads to, of those that the caller sees, in the order in which they were
 * made; null where it may not read the link.
 */
export function readableTargets(scene: Scene, row: Row, name: string): ShownTarget[] | null {
  const link = scene.dataset.links.find((one) => one.name === name);
  if (!link || !readsCell(scene, row, name)) return null;
  const target = scene.world.datasets.find((one) => one.name === link.target);
  if (!target) return [];
  const there = { ...scene, dataset: target };
  return target.rows
    .filter(({ id }) => row.links[name]?.includes(id) && seenRow(there, id) !== null)
    .map((to) => ({ id: to.id, values: readableCells(there, to) }));
}

/** Names of the links that the caller knows and may not read in this row. */
export function hiddenLinks(scene: Scene, row: Row): string[] {
  const names = scene.dataset.links.map(({ name }) => name);
  return names.filter((name) => knowsPlace(scene, name) && !readsCell(scene, row, name));
}

/** What `Row.cell` answers: a value, nothing, or an error with a code. */
export type CellAnswer =
  | { readonly is: "CELL"; readonly value: Cell }
  | { readonly is: "NOTHING" }
  | { readonly is: "ERROR"; readonly code: "FORBIDDEN" | "BAD_USER_INPUT" };

/** What `Row.cell` answers about a column of a row that the caller sees. */
export function cellAnswer(scene: Scene, row: Row, name: string): CellAnswer {
  const column = scene.dataset.columns.find((one) => one.name === name);
  if (!column || !knowsPlace(scene, name)) return { is: "ERROR", code: "BAD_USER_INPUT" };
  if (readsCell(scene, row, name)) return { is: "CELL", value: row.cells[name] ?? null };
  return whenDenied(column);
}

function whenDenied(column: Column): CellAnswer {
  if (column.whenDenied === "NULL") return { is: "CELL", value: null };
  if (column.whenDenied === "ERROR") return { is: "ERROR", code: "FORBIDDEN" };
  return { is: "NOTHING" };
}
