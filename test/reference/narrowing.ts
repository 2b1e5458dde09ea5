import type { Caller } from "./model.ts";

/**
 * The caller of a request that lists the roles in effect. Naming one that the credential lacks leaves it
 * without any role.
 */
export function narrowed(caller: Caller, names: readonly string[]): Caller {
  const holdsAll = names.every((name) => caller.roles.includes(name));
  return { ...caller, roles: holdsAll ? names : [] };
}
