import { compareCells } from "./compare-cells.ts";
import type { Cell, Filter, Row, Scene } from "./model.ts";
import { hasPermission, may, maySomewhere } from "./rights.ts";
import { knowsDataset, readableCells, seesRow } from "./sight.ts";
import { columnsNamed, truthOfFilter } from "./truth-of-filter.ts";

/** One key of an order, as `input RowOrder` has it. */
export interface OrderKey {
  readonly column: string;
  readonly direction: "ASC" | "DESC";
  /** LAST if not set, whichever way the order runs. */
  readonly nulls?: "FIRST" | "LAST";
}

/** What is asked of `Dataset.rows`. */
export interface Listing {
  readonly filter?: Filter;
  readonly orderBy?: readonly OrderKey[];
}

/** What comes back: the ids in order, which are all that match; no dataset; or an error. */
export type Listed =
  | { readonly is: "ROWS"; readonly ids: readonly string[]; readonly totalCount: number }
  | Unlisted;

/** No dataset, or an error. */
export type Unlisted =
  | { readonly is: "NOTHING" }
  | { readonly is: "ERROR"; readonly code: "FORBIDDEN" | "BAD_USER_INPUT" };

/** A row as it stands in the readable view: a cell that the caller may not read is NULL in it. */
export interface ViewRow {
  readonly row: Row;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** The rows of a dataset that a caller gets, filtered and ordered over its readable view. */
export function listRows(scene: Scene, { filter = { and: [] }, orderBy = [] }: Listing): Listed {
  const named = [...columnsNamed(filter), ...orderBy.map(({ column }) => column)];
  const refused = unlisted(scene, named);
  if (refused) return refused;
  const ids = inOrder(scene, matchingRows(scene, filter), orderBy).map(({ row }) => row.id);
  return { is: "ROWS", ids, totalCount: ids.length };
}

/** What a caller gets instead of rows where there are none for it, or where it may not read the columns named. */
export function unlisted(scene: Scene, named: readonly string[]): Unlisted | null {
  if (!hasPermission(scene.world, scene.caller, "dataset::get")) {
    return { is: "ERROR", code: "FORBIDDEN" };
  }
  if (!knowsDataset(scene)) return { is: "NOTHING" };
  if (!maySomewhere(scene, "READ")) return { is: "ERROR", code: "FORBIDDEN" };
  for (const name of named) {
    const isColumn = scene.dataset.columns.some((column) => column.name === name);
    if (!isColumn || !may(scene, "READ", name)) return { is: "ERROR", code: "BAD_USER_INPUT" };
  }
  return null;
}

/** The rows of the readable view that match a filter, in the order in which they were made. */
export function matchingRows(scene: Scene, filter: Filter): ViewRow[] {
  const { columns } = scene.dataset;
  return readableView(scene).filter(
    ({ cells }) => truthOfFilter(filter, { columns, cells }) === true,
  );
}

function readableView(scene: Scene): ViewRow[] {
  const rows: ViewRow[] = [];
  for (const row of scene.dataset.rows) {
    if (seesRow(scene, row)) rows.push({ row, cells: readableCells(scene, row) });
  }
  return rows;
}

/**
 * Rows that agree in all keys are in the order of their ids, which is that in which they were made; it runs
 * the way of the last key.
 */
function inOrder(scene: Scene, rows: readonly ViewRow[], orderBy: readonly OrderKey[]): ViewRow[] {
  const byId = orderBy.at(-1)?.direction === "DESC" ? rows.toReversed() : rows;
  return byId.toSorted((a, b) => {
    for (const key of orderBy) {
      const found = compareBy(scene, key, { a, b });
      if (found !== 0) return found;
    }
    return 0;
  });
}

function compareBy(
  { dataset }: Scene,
  { column: name, direction, nulls = "LAST" }: OrderKey,
  { a, b }: { a: ViewRow; b: ViewRow },
): number {
  const column = dataset.columns.find((one) => one.name === name);
  const one = a.cells[name] ?? null;
  const other = b.cells[name] ?? null;
  if (!column || (one === null && other === null)) return 0;
  if (one === null) return nulls === "FIRST" ? -1 : 1;
  if (other === null) return nulls === "FIRST" ? 1 : -1;
  const found = compareCells(column.type, one, other);
  return direction === "ASC" ? found : -found;
}
