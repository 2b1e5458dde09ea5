import type { Action, Caller, Dataset, Filter, Jwt, Role, Scene, Setting, World } from "./model.ts";
import { reachesDataset } from "./restriction.ts";

/** The verbs of the permissions to look, which are all that the public and a publishable key may use. */
const LOOKING = new Set(["get", "find", "check", "subscribe", "export"]);

/** Whether some role in effect has the permission, and the kind of the caller lets it be used. */
export function hasPermission(world: World, caller: Caller, permission: string): boolean {
  const verb = permission.split("::").at(-1) ?? "";
  if ((caller.isPublic || caller.isPublishable) && !LOOKING.has(verb)) return false;
  for (const role of rolesOf(world, caller)) {
    if (role.builtIn === "ADMINISTRATOR") return true;
    if (role.permissions.includes(permission)) return true;
  }
  return false;
}

/** The roles in effect: of an access token no others than its key holds, of a JWT those that may be claimed. */
export function rolesOf(world: World, caller: Caller): Role[] {
  const held = world.roles.filter(({ name }) => caller.roles.includes(name));
  const { token, user } = caller;
  if (token) return held.filter(({ name }) => token.ofKey.includes(name));
  const jwt = user?.jwt;
  return jwt ? held.filter((role) => isGiven(role, jwt) || mayBeClaimed(world, role)) : held;
}

/** What the user of a JWT has whatever it claims: what it was given, and the role of every user. */
function isGiven({ name, builtIn }: Role, { ofUser }: Jwt): boolean {
  return builtIn === "AUTHENTICATED" || ofUser.includes(name);
}

function mayBeClaimed({ issuerMayAdministrate = false }: World, { builtIn }: Role): boolean {
  if (builtIn === "ADMINISTRATOR") return issuerMayAdministrate;
  return builtIn === null;
}

/**
 * Whether one role by itself gives this caller an action on the dataset (`place` null), or on one of its
 * columns or links, in whichever rows.
 */
export function roleGives(
  role: Role,
  { caller, dataset }: Omit<Scene, "world">,
  action: Action,
  place: string | null,
): boolean {
  if (isShutOut(caller, dataset, action)) return false;
  // DELETE is a right on the dataset only.
  if (place !== null && action === "DELETE") return false;
  if (role.builtIn === "ADMINISTRATOR") return true;
  if (place !== null) {
    const onPlace = settingOf(role, dataset, { action, place });
    if (onPlace === "ALLOW") return true;
    if (onPlace === "WITHHOLD") return false;
  }
  const onDataset = settingOf(role, dataset, { action, place: null });
  if (onDataset === "ALLOW") return true;
  if (onDataset === "WITHHOLD") return false;
  // The anonymous role has READ on what is OPEN, for requests without a credential.
  if (caller.isPublic && action === "READ") return true;
  return role.defaults.includes(action);
}

/** What holds of a caller before any role is looked at. */
function isShutOut(caller: Caller, dataset: Dataset, action: Action): boolean {
  if (!reachesDataset(caller, dataset)) return true;
  if (caller.isPublic && dataset.accessLevel !== "OPEN") return true;
  if (caller.isPublic && action !== "READ") return true;
  return caller.isPublishable && action !== "READ";
}

function settingOf(
  role: Role,
  dataset: Dataset,
  { action, place }: { action: Action; place: string | null },
): Setting | undefined {
  for (const grant of role.grants) {
    if (grant.dataset === dataset.name && grant.place === place) return grant.settings[action];
  }
  return undefined;
}

/**
 * The row filter of a role for an action, which holds whether the right comes from the grant that carries
 * it, from the role's default or from a column grant.
 */
export function rowFilterOf(role: Role, dataset: Dataset, action: Action): Filter | undefined {
  if (role.builtIn === "ADMINISTRATOR") return undefined;
  for (const grant of role.grants) {
    if (grant.dataset === dataset.name && grant.place === null) return grant.rowFilters[action];
  }
  return undefined;
}

/** Whether some role gives an action on the dataset (`place` null) or on a column or link of it. */
export function may(scene: Scene, action: Action, place: string | null): boolean {
  for (const role of rolesOf(scene.world, scene.caller)) {
    if (roleGives(role, scene, action, place)) return true;
  }
  return false;
}

/** Whether some role gives an action on the dataset or on any column or link of it. */
export function maySomewhere(scene: Scene, action: Action): boolean {
  if (may(scene, action, null)) return true;
  for (const place of placesOf(scene.dataset)) if (may(scene, action, place)) return true;
  return false;
}

/** The names of all columns and links of a dataset. */
export function placesOf({ columns, links }: Dataset): string[] {
  return [...columns.map(({ name }) => name), ...links.map(({ name }) => name)];
}
