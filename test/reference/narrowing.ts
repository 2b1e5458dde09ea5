import type { Caller, World } from "./model.ts";
import { rolesOf } from "./rights.ts";

/**
 * The caller of a request that lists the roles in effect. Naming one that the credential lacks leaves it
 * without any role.
 */
export function narrowed(world: World, caller: Caller, names: readonly string[]): Caller {
  const held = new Set(rolesOf(world, caller).map(({ name }) => name));
  const holdsAll = names.every((name) => held.has(name));
  return { ...caller, roles: holdsAll ? names : [] };
}
