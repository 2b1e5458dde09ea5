import type { Cell, Row, Scene } from "./model.ts";
import { contradictsConditions, givenByConditions, meetsConditions } from "./restriction.ts";
import { hasPermission, may, roleGives, rolesOf, rowFilterOf } from "./rights.ts";
import { letsThrough } from "./row-filter.ts";
import { knowsDataset, knowsPlace } from "./sight.ts";
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

/** A row to make. */
export interface NewRow extends Sets {
  /** The id that it gets, if it is made. */
  readonly id: string;
}

/** What becomes of a row that a caller makes. */
export function createRow(scene: Scene, newRow: NewRow, permission = "row::create"): Written {
  if (!hasPermission(scene.world, scene.caller, permission)) return refused(scene, "FORBIDDEN");
  if (!knowsDataset(scene)) return refused(scene, "NOT_FOUND");
  if (!may(scene, "CREATE", null)) return refused(scene, "FORBIDDEN");
  const byName: WriteCode[] = [];
  if (namesUnknown(scene, newRow)) byName.push("BAD_USER_INPUT");
  if (!knownNamesSet(scene, newRow).every((name) => maySet(scene, name))) byName.push("FORBIDDEN");
  const byValue = valueFaults(scene, newRow);
  if (byName.length > 0) return refused(scene, ...byName, ...byValue);
  const row = completeRow(scene, newRow);
  const isMade =
    mayMake(scene, row, namesSet(newRow)) && !contradictsConditions(scene, newRow.cells);
  const byRow: WriteCode[] = isMade ? [] : ["FORBIDDEN"];
  if (byRow.length + byValue.length > 0) return refused(scene, ...byRow, ...byValue);
  const world = worldWith(scene, [...scene.dataset.rows, row]);
  return { codes: ["OK"], world, stored: row };
}

/** Whether one role gives CREATE on the dataset and on the column or link, for some new rows. */
function maySet(scene: Scene, place: string): boolean {
  for (const role of rolesOf(scene.world, scene.caller)) {
    if (roleGives(role, scene, "CREATE", null) && roleGives(role, scene, "CREATE", place)) {
      return true;
    }
  }
  return false;
}

/**
 * One role gives CREATE on the dataset and its filter holds on the complete new row; each column that the
 * call sets needs such a role that also gives CREATE on that column.
 */
function mayMake(scene: Scene, row: Row, names: readonly string[]): boolean {
  if (!meetsConditions(scene, row)) return false;
  const roles = rolesOf(scene.world, scene.caller).filter(
    (role) =>
      roleGives(role, scene, "CREATE", null) &&
      letsThrough(rowFilterOf(role, scene.dataset, "CREATE"), row, scene),
  );
  if (roles.length === 0) return false;
  for (const name of names) {
    if (!roles.some((role) => roleGives(role, scene, "CREATE", name))) return false;
  }
  return true;
}

/**
 * The whole row: what the call sets, and of the columns that it does not name what the conditions of a token give
 * them, or else their defaults.
 */
function completeRow(scene: Scene, { id, cells: set, links: linked }: NewRow): Row {
  const { dataset } = scene;
  const given = givenByConditions(scene);
  const cells: Record<string, Cell> = {};
  for (const { name, default: value } of dataset.columns) {
    cells[name] = name in set ? (set[name] ?? null) : (given.get(name) ?? value);
  }
  const links: Record<string, readonly string[]> = {};
  for (const { name } of dataset.links) links[name] = linked[name] ?? [];
  return { id, cells, links };
}

function valueFaults(scene: Scene, newRow: NewRow): WriteCode[] {
  const faults: WriteCode[] = [];
  if (namesUnseenTarget(scene, newRow)) faults.push("NOT_FOUND");
  if (setsRequiredToNull(scene, newRow)) faults.push("BAD_USER_INPUT");
  if (setsTakenValue(scene, completeRow(scene, newRow), null)) faults.push("BAD_USER_INPUT");
  const given = givenByConditions(scene);
  for (const { name, isRequired, default: value } of scene.dataset.columns) {
    // What the caller does not know is set by nothing that it sends.
    const isSet = name in newRow.cells && knowsPlace(scene, name);
    const isNull = isSet ? newRow.cells[name] === null : (given.get(name) ?? value) === null;
    // Whoever may not set it is not told its name.
    if (isRequired && isNull) faults.push(maySet(scene, name) ? "BAD_USER_INPUT" : "FORBIDDEN");
  }
  return faults;
}
