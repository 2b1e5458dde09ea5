/**
 * Delegation: nobody hands out what they do not hold.
 *
 * Handing out is told from what a principal could do before and after: what it gains has to be held. One
 * holds a permission that a role in effect has, and a data right that some role in effect gives in those rows.
 *
 * @module
 */

import { type DataRight, giving, type UnboundPlan } from "./access-plan.ts";
import { ACTIONS, type Action } from "./action.ts";
import type { Lacking } from "./missing.ts";
import { andedTo } from "./normal-form.ts";
import { columnsIn, type RowFilter } from "./predicate.ts";
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
  // What administrators hold is not listed; one that may only look holds no more than another such.
  const isAsMuch = (rights: Rights) =>
    isAdministrator(rights) && (!rights.readOnly || after.readOnly);
  if (isAdministrator(after) && !isAsMuch(before) && !isAsMuch(held)) {
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
  return { gate: "DATA", name: action, right: { action, fieldId: null }, on: null };
}

/**
 * The first right on a dataset, or on one of its fields, that is gained in some rows and not held there;
 * null: none.
 *
 * A right is held in the rows of a filter by who has it without one, with the very same, or with one that
 * the other is ANDed to. What is ANDed tells which rows meet it, and so needs READ on its columns there.
 */
export function missingDataRight(
  handing: Handing<UnboundPlan>,
  fieldIds: readonly string[],
): DataRight | null {
  const places = [null, ...fieldIds];
  const rights = ACTIONS.flatMap((action) => places.map((fieldId) => ({ action, fieldId })));
  for (const right of rights) {
    for (const branch of giving(handing.after, right)) {
      const missing = missingIn(branch, right, handing);
      if (missing) return missing;
    }
  }
  return null;
}

function missingIn(
  { rows, dataset }: UnboundPlan[Action][number],
  right: DataRight,
  { before, held }: Handing<UnboundPlan>,
): DataRight | null {
  // A field's CREATE counts only beside that on the dataset: what two roles give apart is not held together.
  const isJoint = right.action === "CREATE" && right.fieldId !== null && dataset;
  const added = [...giving(before, right), ...giving(held, right)]
    .filter((branch) => branch.dataset || !isJoint)
    .map((branch) => andedTo(branch.rows, rows))
    .filter((parts) => parts !== null);
  const unread = added.map((parts) => unreadIn(rows, parts, held));
  if (unread.includes(null)) return null;
  return unread[0] ?? right;
}

/** READ on a column that parts of a filter name, where it is not held in the rows of the whole. */
function unreadIn(
  rows: RowFilter,
  parts: readonly RowFilter[],
  held: UnboundPlan,
): DataRight | null {
  const reading = parts
    .flatMap(columnsIn)
    .map((fieldId) => ({ action: "READ", fieldId }) as const)
    .find((right) => giving(held, right).every((branch) => andedTo(branch.rows, rows) === null));
  return reading ?? null;
}

function isAdministrator({ roles }: Rights): boolean {
  return roles.some(({ builtIn }) => builtIn === "ADMINISTRATOR");
}

/** Whether some role gives the action on every dataset that no grant speaks of. */
function givesAll({ roles, readOnly }: Rights, action: Action): boolean {
  if (readOnly && action !== "READ") return false;
  return roles.some(({ builtIn, defaults }) => builtIn === "ADMINISTRATOR" || defaults.has(action));
}
