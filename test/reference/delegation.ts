import {
  type Action,
  type Caller,
  type Dataset,
  EVERY_ACTION,
  type Filter,
  type Role,
  type World,
} from "./model.ts";
import { conjuncts } from "./normal-form.ts";
import { isRestricted } from "./restriction.ts";
import { hasPermission, placesOf, roleGives, rolesOf, rowFilterOf } from "./rights.ts";
import { columnsNamed } from "./truth-of-filter.ts";

/** A change of roles, grants, defaults or levels, by one who makes it. */
export interface HandingOut {
  readonly giver: Caller;
  readonly before: World;
  readonly after: World;
}

/** Whether the giver may make the change: no role gains by it what the giver does not hold. */
export function mayHandOut({ giver, before, after }: HandingOut): boolean {
  if (isRestricted(giver)) return false;
  if (hasPermission(before, giver, "grant::any")) return true;
  for (const role of after.roles) {
    const was = before.roles.find(({ name }) => name === role.name) ?? null;
    for (const holder of holdersOf(role)) {
      const gain = { giver, before, after, role, was, holder };
      if (!holdsPermissionsOf(gain) || !holdsDataRightsOf(gain)) return false;
    }
  }
  return true;
}

/** Whether the giver may hand out roles as they are, as to a new key. */
export function mayHandOutRoles(world: World, giver: Caller, names: readonly string[]): boolean {
  if (isRestricted(giver)) return false;
  if (hasPermission(world, giver, "grant::any")) return true;
  for (const role of world.roles) {
    if (!names.includes(role.name)) continue;
    // The administrator's role holds everything there is, and so does nobody else.
    if (role.builtIn === "ADMINISTRATOR") return false;
    const gain = { giver, before: world, after: world, role, was: null, holder: KEY };
    if (!holdsPermissionsOf(gain) || !holdsDataRightsOf(gain)) return false;
  }
  return true;
}

interface Gain extends HandingOut {
  readonly role: Role;
  /** The role before the change; null: there was none. */
  readonly was: Role | null;
  /** Whom the role serves. */
  readonly holder: Caller;
}

const KEY: Caller = {
  name: "holder",
  isPublic: false,
  isPublishable: false,
  roles: [],
  variables: {},
};

/** The anonymous role serves the public, to whom it gives more where a dataset is OPEN; others do not. */
function holdersOf(role: Role): Caller[] {
  return role.builtIn === "ANONYMOUS" ? [KEY, { ...KEY, isPublic: true }] : [KEY];
}

function holdsPermissionsOf({ giver, before, role, was }: Gain): boolean {
  for (const permission of role.permissions) {
    if (was?.permissions.includes(permission)) continue;
    if (!hasPermission(before, giver, permission)) return false;
  }
  return true;
}

function holdsDataRightsOf(gain: Gain): boolean {
  for (const dataset of gain.after.datasets) {
    const old = gain.before.datasets.find(({ name }) => name === dataset.name);
    if (!old) continue;
    for (const place of [null, ...placesOf(dataset)]) {
      for (const action of EVERY_ACTION) {
        if (!holds(gain, { dataset, old, place, action })) return false;
      }
    }
  }
  return true;
}

interface Right {
  readonly dataset: Dataset;
  /** The dataset before the change. */
  readonly old: Dataset;
  readonly place: string | null;
  readonly action: Action;
}

/** Whether a right of the role after the change is none, or the role's before it, or the giver's own. */
function holds(gain: Gain, right: Right): boolean {
  const { giver, before, role, was, holder } = gain;
  const { dataset, action, place } = right;
  if (!roleGives(role, { caller: holder, dataset }, action, place)) return true;
  if (was && covers(was, holder, { gain, right })) return true;
  return rolesOf(before, giver).some((one) => covers(one, giver, { gain, right }));
}

/** Whether what one role gives a caller is the right that is handed out, or more. */
function covers(
  one: Role,
  caller: Caller,
  { gain, right }: { readonly gain: Gain; readonly right: Right },
): boolean {
  const { dataset, old, place, action } = right;
  const scene = { caller, dataset: old };
  if (!roleGives(one, scene, action, place)) return false;
  // A new row asks for CREATE on the dataset and on the column from one and the same role.
  const asksBoth =
    action === "CREATE" &&
    place !== null &&
    roleGives(gain.role, { caller: gain.holder, dataset }, "CREATE", null);
  if (asksBoth && !roleGives(one, scene, "CREATE", null)) return false;
  const handed = rowFilterOf(gain.role, dataset, action);
  const added = partsAdded(rowFilterOf(one, old, action), handed, old);
  if (added === null) return false;
  // What is ANDed tells which rows meet it: the giver has to read its columns in the rows that it hands out.
  return added.flatMap(columnsNamed).every((column) => readsIn(gain, old, { column, handed }));
}

function readsIn(
  { giver, before }: Gain,
  dataset: Dataset,
  { column, handed }: { readonly column: string; readonly handed: Filter | undefined },
): boolean {
  return rolesOf(before, giver).some(
    (role) =>
      roleGives(role, { caller: giver, dataset }, "READ", column) &&
      partsAdded(rowFilterOf(role, dataset, "READ"), handed, dataset) !== null,
  );
}

/** The parts of a filter beside those of one's own; null: one's own is not among them. */
function partsAdded(
  own: Filter | undefined,
  handed: Filter | undefined,
  dataset: Dataset,
): Filter[] | null {
  const parts = conjuncts(handed ?? EVERY_ROW, dataset);
  const mine = conjuncts(own ?? EVERY_ROW, dataset);
  if (![...mine.keys()].every((text) => parts.has(text))) return null;
  return [...parts].flatMap(([text, part]) => (mine.has(text) ? [] : [part]));
}

const EVERY_ROW: Filter = { and: [] };
