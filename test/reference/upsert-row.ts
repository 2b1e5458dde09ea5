import { createRow, type NewRow } from "./create-row.ts";
import type { Row, Scene } from "./model.ts";
import { hasPermission, may, maySomewhere } from "./rights.ts";
import { knowsDataset, knowsPlace, readsCell, seesRow } from "./sight.ts";
import { updateRow } from "./update-row.ts";
import { refused, type Written } from "./write.ts";

const PERMISSION = "row::upsert";

/**
 * What becomes of a row that a caller changes if it is there, and makes if not, found by a unique column: one that
 * the caller does not see, or of which it may not read the key, is not there to it.
 */
export function upsertRow(scene: Scene, key: string, row: NewRow): Written {
  if (!hasPermission(scene.world, scene.caller, PERMISSION)) return refused(scene, "FORBIDDEN");
  if (!knowsDataset(scene)) return refused(scene, "NOT_FOUND");
  if (!may(scene, "CREATE", null) && !maySomewhere(scene, "UPDATE")) {
    return refused(scene, "FORBIDDEN");
  }
  const value = row.cells[key] ?? null;
  if (!knowsPlace(scene, key) || value === null) return refused(scene, "BAD_USER_INPUT");
  const found = rowFound(scene, key, row);
  if (!found) return createRow(scene, row, PERMISSION);
  const { [key]: _found, ...cells } = row.cells;
  return updateRow(scene, { id: found.id, cells, links: row.links }, PERMISSION);
}

/** The row that a caller finds by the key of another. */
export function rowFound(scene: Scene, key: string, { cells }: NewRow): Row | null {
  for (const row of scene.dataset.rows) {
    if (row.cells[key] !== cells[key]) continue;
    if (seesRow(scene, row) && readsCell(scene, row, key)) return row;
  }
  return null;
}
