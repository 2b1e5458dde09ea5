/**
 * Which of a caller's roles comes nearest to giving what it lacks.
 *
 * The answer is told to the caller, so it is made from what its own roles in effect give and from nothing
 * else. A dataset or column that it does not know is one to which none of them gives anything, and so it
 * never counts.
 *
 * @module
 */

import { accessPlan, type DataRight, gives, givesRight, type Guarded } from "./access-plan.ts";
import { ACTIONS } from "./action.ts";
import type { Lacking } from "./missing.ts";
import { looks, type Rights } from "./rights.ts";
import type { Role } from "./role.ts";

/** A role of the caller, and how near it comes. */
export interface NearestRole {
  readonly name: string;
  /**
   * Whether it has the very right: then it is a part that is missing, such as a column that is not named,
   * or the kind of the credential stands in the way.
   */
  readonly hasRight: boolean;
}

/**
 * The role in effect that comes nearest; null where none is in effect, and for whoever can only look and
 * wants more. Of those that come equally near it is the first by name, and by a gate that asks nothing of
 * roles all do.
 *
 * - A permission: a role that has it, then one that has another permission of its type, then one that has
 *   its verb on another type.
 * - A data right: a role that gives it, then one that gives its action elsewhere on the dataset, then
 *   another action on the same thing, then another action elsewhere on the dataset.
 *
 * Pure and total: the same rights and facts always give the same role, and no input throws.
 */
export function nearestRole(rights: Rights, lacking: Lacking): NearestRole | null {
  // What its roles could do in another's hands is nobody's business who finds the key in a page.
  if (rights.readOnly && !isLooking(lacking)) return null;
  const [nearest] = rights.roles
    .map((role) => ({ name: role.name, distance: distanceOf(role, rights, lacking) }))
    .toSorted((one, other) => one.distance - other.distance || byName(one.name, other.name));
  return nearest ? { name: nearest.name, hasRight: nearest.distance === 0 } : null;
}

/** Whether what is missing is a right to look. */
export function isLooking(lacking: Lacking): boolean {
  return lacking.gate === "DATA" ? lacking.right.action === "READ" : looks(lacking.name);
}

function byName(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** How many of the steps that lead away from the right lie before the first that the role stands on. */
function distanceOf(role: Role, rights: Rights, lacking: Lacking): number {
  const steps = stepsOf(role, rights, lacking);
  const first = steps.indexOf(true);
  return first === -1 ? steps.length : first;
}

function stepsOf(role: Role, rights: Rights, lacking: Lacking): boolean[] {
  if (lacking.gate === "PERMISSION") return permissionSteps(role, lacking.name);
  if (lacking.gate !== "DATA") return [false];
  const { right, on } = lacking;
  if (on === null) return defaultSteps(role, right);
  return dataSteps({ ...rights, roles: [role] }, right, on);
}

function permissionSteps({ builtIn, permissions }: Role, name: string): boolean[] {
  const [type, verb] = name.split("::");
  const others = [...permissions].map((each) => each.split("::"));
  return [
    builtIn === "ADMINISTRATOR" || permissions.has(name),
    others.some(([otherType]) => otherType === type),
    others.some(([, otherVerb]) => otherVerb === verb),
  ];
}

function defaultSteps({ builtIn, defaults }: Role, { action }: DataRight): boolean[] {
  return [builtIn === "ADMINISTRATOR" || defaults.has(action), defaults.size > 0];
}

function dataSteps(rights: Rights, { action, fieldId }: DataRight, guarded: Guarded): boolean[] {
  const plan = accessPlan(rights, guarded);
  const others = ACTIONS.filter((each) => each !== action);
  return [
    givesRight(plan, { action, fieldId }),
    gives(plan, action),
    others.some((other) => givesRight(plan, { action: other, fieldId })),
    others.some((other) => gives(plan, other)),
  ];
}
