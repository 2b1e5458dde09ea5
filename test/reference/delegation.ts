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
import { hasPermission, placesOf, roleGives, rolesOf, rowFilterOf } from "./rights.ts";

/** A change of roles, grants, defaults or levels, by one who makes it. */
export interface HandingOut {
  readonly giver: Caller;
  readonly before: World;
  readonly after: World;
}

/** Whether the giver may make the change: no role gains by it what the giver does not hold. */
export function mayHandOut({ giver, before, after }: HandingOut): boolean {
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
function holds({ giver, before, role, was, holder }: Gain, right: Right): boolean {
  const { dataset, old, place, action } = right;
  if (!roleGives(role, { caller: holder, dataset }, action, place)) return true;
  const handed = rowFilterOf(role, dataset, action);
  const covers = (one: Role, caller: Caller) =>
    roleGives(one, { caller, dataset: old }, action, place) &&
    isSameOrNarrower(rowFilterOf(one, old, action), handed, old);
  if (was && covers(was, holder)) return true;
  return rolesOf(before, giver).some((one) => covers(one, giver));
}

/** Without a filter, or with the very same filter, or with a filter ANDed to one's own. */
function isSameOrNarrower(
  own: Filter | undefined,
  handed: Filter | undefined,
  dataset: Dataset,
): boolean {
  if (own === undefined) return true;
  if (handed === undefined) return false;
  const parts = conjuncts(handed, dataset);
  return conjuncts(own, dataset).every((part) => parts.includes(part));
}
