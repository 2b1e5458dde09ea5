import type { Row, Scene } from "./model.ts";
import { meetsConditions } from "./restriction.ts";
import {
  hasPermission,
  may,
  maySomewhere,
  placesOf,
  roleGives,
  rolesOf,
  rowFilterOf,
} from "./rights.ts";
import { letsThrough } from "./row-filter.ts";
import { knowsDataset, seenRow } from "./sight.ts";
import {
  knownNamesSet,
  namesSet,
  namesUnknown,
  namesUnseenTarget,
  refused,
  setsRequiredToNull,
  setsTakenValue,
  type Sets,
  worldWith,
  type WriteCode,
  type Written,
} from "./write.ts";

/** A row to change, and the cells that the call names. */
export interface RowChange extends Sets {
  readonly id: string;
}

/** What becomes of a row that a caller changes. */
export function updateRow(scene: Scene, change: RowChange, permission = "row::update"): Written {
  if (!hasPermission(scene.world, scene.caller, permission)) return refused(scene, "FORBIDDEN");
  if (!knowsDataset(scene)) return refused(scene, "NOT_FOUND");
  if (!maySomewhere(scene, "UPDATE")) return refused(scene, "FORBIDDEN");
  const byName: WriteCode[] = [];
  if (namesUnknown(scene, change)) byName.push("BAD_USER_INPUT");
  if (!knownNamesSet(scene, change).every((name) => may(scene, "UPDATE", name)))
    byName.push("FORBIDDEN");
  const byValue: WriteCode[] = [];
  if (namesUnseenTarget(scene, change)) byValue.push("NOT_FOUND");
  if (setsRequiredToNull(scene, change)) byValue.push("BAD_USER_INPUT");
  if (byName.length > 0) return refused(scene, ...byName, ...byValue);
  const before = seenRow(scene, change.id);
  if (!before) return refused(scene, "NOT_FOUND", ...byValue);
  if (setsTakenValue(scene, change, change.id)) byValue.push("BAD_USER_INPUT");
  const after = changed(before, change);
  const set = namesSet(change);
  const mayChangeIt = (name: string) => mayChange(scene, name, { before, after });
  // To set nothing is an edit of the row, too.
  const isGiven =
    set.length > 0 ? set.every(mayChangeIt) : placesOf(scene.dataset).some(mayChangeIt);
  if (!isGiven) return refused(scene, "FORBIDDEN", ...byValue);
  if (byValue.length > 0) return refused(scene, ...byValue);
  const rows = scene.dataset.rows.map((row) => (row.id === after.id ? after : row));
  return { codes: ["OK"], world: worldWith(scene, rows), stored: after };
}

function changed(row: Row, { cells, links }: Sets): Row {
  return { id: row.id, cells: { ...row.cells, ...cells }, links: { ...row.links, ...links } };
}

/**
 * One role gives UPDATE on the column or link, and its filter holds on the whole row both before and after
 * the change, as do the conditions of a token. Different cells of one change may be covered by different roles.
 */
function mayChange(
  scene: Scene,
  place: string,
  { before, after }: { before: Row; after: Row },
): boolean {
  if (!meetsConditions(scene, before) || !meetsConditions(scene, after)) return false;
  for (const role of rolesOf(scene.world, scene.caller)) {
    if (!roleGives(role, scene, "UPDATE", place)) continue;
    const filter = rowFilterOf(role, scene.dataset, "UPDATE");
    if (letsThrough(filter, before, scene) && letsThrough(filter, after, scene)) return true;
  }
  return false;
}
