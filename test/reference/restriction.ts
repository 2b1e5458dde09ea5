import { compareCells } from "./compare-cells.ts";
import type { Caller, Cell, Dataset, Row, Scene } from "./model.ts";
import type { Condition } from "./token.ts";
import { truthOfFilter } from "./truth-of-filter.ts";

/** Whether a caller carries conditions, or a list of datasets: then it hands out nothing. */
export function isRestricted({ token }: Caller): boolean {
  return token !== undefined && token.restriction !== null;
}

/** Whether a dataset is one that the conditions of a token name, or that it lists; others are not restricted. */
export function reachesDataset({ token }: Caller, { name }: Dataset): boolean {
  if (!token || token.restriction === null) return true;
  const { conditions, datasets } = token.restriction;
  return datasets.includes(name) || conditions.some(({ dataset }) => dataset === name);
}

/** The conditions of a token on a dataset. */
export function conditionsOn({ token }: Caller, { name }: Dataset): Condition[] {
  const conditions = token?.restriction?.conditions ?? [];
  return conditions.filter(({ dataset }) => dataset === name);
}

/** Whether the true values of a row meet all conditions, whether or not the token may read them. */
export function meetsConditions({ caller, dataset }: Omit<Scene, "world">, row: Row): boolean {
  for (const { column, op, value } of conditionsOn(caller, dataset)) {
    const judged = { columns: dataset.columns, cells: row.cells };
    if (truthOfFilter({ column, [op]: value }, judged) !== true) return false;
  }
  return true;
}

/** What the conditions of a token give new rows, by the name of the column. */
export function givenByConditions({ caller, dataset }: Omit<Scene, "world">): Map<string, Cell> {
  const given = new Map<string, Cell>();
  for (const { column, set, setValue } of conditionsOn(caller, dataset)) {
    if (set) given.set(column, setValue);
  }
  return given;
}

/** Whether a call gives a column of a new row another value than a condition does; no value is another one. */
export function contradictsConditions(
  scene: Omit<Scene, "world">,
  cells: Readonly<Record<string, Cell>>,
): boolean {
  for (const [name, due] of givenByConditions(scene)) {
    if (!(name in cells)) continue;
    const said = cells[name] ?? null;
    const type = scene.dataset.columns.find((column) => column.name === name)?.type;
    if (said === null || !type || compareCells(type, said, due) !== 0) return true;
  }
  return false;
}
