/**
 * Delegation: nobody hands out what they do not hold.
 *
 * Handing out is told from what a principal could do before and after: what it gains has to be held. One
 * holds a permission that a role in effect has, and a data right that some role in effect gives.
 *
 * @module
 */

import { type AccessPlan, type DataRight, givesRight } from "./access-plan.ts";
import { ACTIONS, type Action } from "./action.ts";
import type { Lacking } from "./missing.ts";
import { permits, type Rights } from "./rights.ts";

/** The permission to hand out what one does not hold. */
export const GRANT_ANY = "grant::any";

/** Of one principal, what it could do, what it will be able to do, and what the one who hands out holds. */
export interface Handing<Held> {
  readonly before: Held;
  readonly after: Held;
  readonly held: Held;
}

/** The first permission or default data right that is gained and not held; null: none. */
export function missingRight({ before, after, held }: Handing<Rights>): Lacking | null {
  if (isAdministrator(after) && !isAdministrator(before) && !isAdministrator(held)) {
    return { gate: "PERMISSION", name: GRANT_ANY };
  }
  const permission = after.roles
    .flatMap((role) => [...role.permissions])
    .find((name) => permits(after, name) && !permits(before, name) && !permits(held, name));
  if (permission !== undefined) return { gate: "PERMISSION", name: permission };
  const action = ACTIONS.find(
    (each) => givesAll(after, each) && !givesAll(before, each) && !givesAll(held, each),
  );
  if (action === undefined) return null;
  return { gate: "DATA", name: action, right: { action, columnId: null }, on: null };
}

/** The first right on a dataset, or on one of its columns, that is gained and not held; null: none. */
export function missingDataRight(
  { before, after, held }: Handing<AccessPlan>,
  columnIds: readonly string[],
): DataRight | null {
  const places = [null, ...columnIds];
  const rights = ACTIONS.flatMap((action) => places.map((columnId) => ({ action, columnId })));
  const missing = rights.find(
    (right) => givesRight(after, right) && !givesRight(before, right) && !givesRight(held, right),
  );
  return missing ?? null;
}

function isAdministrator({ roles }: Rights): boolean {
  return roles.some(({ builtIn }) => builtIn === "ADMINISTRATOR");
}

/** Whether some role gives the action on every dataset that no grant speaks of. */
function givesAll({ roles, readOnly }: Rights, action: Action): boolean {
  if (readOnly && action !== "READ") return false;
  return roles.some(({ builtIn, defaults }) => builtIn === "ADMINISTRATOR" || defaults.has(action));
}
