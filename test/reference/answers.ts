import { type AboutDataset, aboutDataset } from "./about-dataset.ts";
import { type Listed, listRows } from "./list-rows.ts";
import type { Cell, Row, Scene } from "./model.ts";
import {
  type CellAnswer,
  cellAnswer,
  hiddenColumns,
  hiddenLinks,
  type LinkAnswer,
  linkAnswer,
  readableCells,
} from "./sight.ts";

/** One row as a caller gets it. */
export interface ShownRow {
  readonly id: string;
  /** `Row.values`. */
  readonly values: Readonly<Record<string, Cell>>;
  /** `Row.hiddenColumns`. */
  readonly hidden: readonly string[];
  /** `Row.cell` of every column that there is, known or not. */
  readonly cells: Readonly<Record<string, CellAnswer>>;
  /** `Row.hiddenLinks`. */
  readonly hiddenLinks: readonly string[];
  /** `Row.linked` of every link that there is, known or not. */
  readonly linked: Readonly<Record<string, LinkAnswer>>;
}

/** All that a caller gets of a dataset. */
export interface Answers {
  readonly about: AboutDataset | null;
  readonly list: Listed;
  /** Those of the list. */
  readonly rows: readonly ShownRow[];
}

/** What a caller gets of a dataset if it asks for everything. */
export function answers(scene: Scene): Answers {
  const list = listRows(scene, {});
  const ids = list.is === "ROWS" ? list.ids : [];
  const rows = scene.dataset.rows.filter(({ id }) => ids.includes(id));
  return { about: aboutDataset(scene), list, rows: rows.map((row) => shownRow(scene, row)) };
}

/** A row that the caller sees. */
export function shownRow(scene: Scene, row: Row): ShownRow {
  const cells: Record<string, CellAnswer> = {};
  for (const { name } of scene.dataset.columns) cells[name] = cellAnswer(scene, row, name);
  const linked: Record<string, LinkAnswer> = {};
  for (const { name } of scene.dataset.links) linked[name] = linkAnswer(scene, row, name);
  return {
    id: row.id,
    values: readableCells(scene, row),
    hidden: hiddenColumns(scene, row),
    cells,
    hiddenLinks: hiddenLinks(scene, row),
    linked,
  };
}
