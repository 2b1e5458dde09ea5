/**
 * The decision, told role by role.
 *
 * Each role is compiled alone by the very code that compiles all of them, so that what is told is what is
 * enforced: roles combine by union, and what no single role gives nobody has.
 *
 * @module
 */

import {
  type AccessPlan,
  accessPlan,
  gives,
  type Guarded,
  hindrance,
  reaching,
  rowsGiven,
  rowsOf,
} from "./access-plan.ts";
import type { Action } from "./action.ts";
import { grantsByRole, type Question, type Source, sourceOf } from "./branch.ts";
import {
  bound,
  isEveryRow,
  type Operand,
  type Predicate,
  type RowFilter,
  type ValueOf,
  type Variable,
  variablesIn,
} from "./predicate.ts";
import { looks, permits, type Rights } from "./rights.ts";
import type { Role } from "./role.ts";

/** What something asks of a plan. */
export type DataNeed =
  /** The action on one column or link. */
  | { readonly on: "FIELD"; readonly action: Exclude<Action, "DELETE">; readonly fieldId: string }
  /** The action on rows as a whole. */
  | { readonly on: "WHOLE"; readonly action: "CREATE" | "DELETE" }
  /** The action anywhere on the dataset: what `canRead` and `canUpdate` of it say. */
  | { readonly on: "ANYWHERE"; readonly action: "READ" | "UPDATE" }
  /** The action on some cell of a row: to see it, to change it. */
  | { readonly on: "ROW"; readonly action: "READ" | "UPDATE" };

/** The rows in which a plan gives what is needed; empty: in none. */
export function rowsNeeded<Of extends Operand | Variable>(
  plan: AccessPlan<Of>,
  need: DataNeed,
): readonly Predicate<Of>[] {
  switch (need.on) {
    case "FIELD":
      return rowsOf(plan, need.action, need.fieldId);
    case "WHOLE":
      return rowsGiven(plan, need.action);
    case "ANYWHERE":
      return plan[need.action].map(({ rows }) => rows);
    case "ROW":
      return reaching(plan, need.action).map(({ rows }) => rows);
  }
}

/** What one role says to a need. */
export interface RoleAnswer {
  readonly role: Role;
  /** Whether it gives what is needed, in some rows. */
  readonly gives: boolean;
  readonly source: Source;
  /** What the grant is on that decided: one field, or the dataset (null). */
  readonly grantOn: string | null;
  /** Whether it gives a column of new rows and not the rows, and so nothing. */
  readonly lacksWhole: boolean;
  /** On which rows it gives it; null: on every row, or not at all. */
  readonly filter: RowFilter | null;
  /** The same with the values of its variables, as it is asked of a row. */
  readonly rows: Predicate | null;
  /** The variables of the filter that have no value, so that it holds on no row. */
  readonly withoutValue: readonly string[];
}

/** What the decision about a dataset is made from. */
export interface Deciding {
  readonly rights: Rights;
  readonly guarded: Guarded;
  readonly valueOf: ValueOf;
}

/**
 * What each role in effect says to a need; none is asked where something stands before all of them. What the
 * credential is restricted to besides, no role says; see `conditionsOn`.
 *
 * Pure and total, as the plan is.
 */
export function roleAnswers(
  { guarded, valueOf, ...asked }: Deciding,
  need: DataNeed,
): RoleAnswer[] {
  if (hindrance(asked.rights, guarded, need.action) !== null) return [];
  const { restriction: _restriction, ...rights } = asked.rights;
  const overrides = grantsByRole(guarded.grants);
  return rights.roles.map((role) => {
    const plan = accessPlan({ ...rights, roles: [role] }, guarded);
    const [rows] = rowsNeeded(plan, need);
    const filter = rows && !isEveryRow(rows) ? rows : null;
    const question = { role, rights, overrides, action: need.action };
    const extent = {
      isGiven: rows !== undefined,
      onDataset: plan[need.action].some(({ dataset }) => dataset),
      onFields: plan[need.action].some(({ fields }) => fields.size > 0),
    };
    return {
      role,
      gives: extent.isGiven,
      ...decidedBy(question, need, extent),
      lacksWhole:
        need.on === "FIELD" && rows === undefined && gives(plan, need.action, need.fieldId),
      filter,
      rows: rows ? bound(rows, valueOf) : null,
      withoutValue: filter ? withoutValueIn(filter, valueOf) : [],
    };
  });
}

/** What a role gives of an action, and whether that is what is needed. */
interface Extent {
  readonly isGiven: boolean;
  readonly onDataset: boolean;
  readonly onFields: boolean;
}

/** The word that decided, and what it is on; of several grants on fields none is named. */
function decidedBy(
  question: Omit<Question, "everything">,
  need: DataNeed,
  { isGiven, onDataset, onFields }: Extent,
): Pick<RoleAnswer, "source" | "grantOn"> {
  const bySeveral = isGiven ? !onDataset : onDataset && !onFields;
  if (need.on !== "FIELD" && need.on !== "WHOLE" && bySeveral) {
    return { source: "FIELD_GRANT", grantOn: null };
  }
  // A field of a new row is given by who gives the row: where that is lacking, it is what decides.
  const isWhole = need.on !== "FIELD" || (need.action === "CREATE" && !onDataset);
  const fieldId = isWhole ? null : need.fieldId;
  const source = sourceOf(question, fieldId);
  return { source, grantOn: source === "FIELD_GRANT" ? fieldId : null };
}

function withoutValueIn(filter: RowFilter, valueOf: ValueOf): string[] {
  const missing = variablesIn(filter)
    .filter(({ variable, columnId, by }) => valueOf({ variable }, columnId, by) === null)
    .map(({ variable }) => variable);
  return [...new Set(missing)];
}

/** Whether a role has a permission, whoever holds the role. */
export interface RolePermission {
  readonly role: Role;
  readonly has: boolean;
}

/** Which of the roles in effect have a permission; none is asked where the caller can only look. */
export function rolesPermitting(rights: Rights, permission: string): RolePermission[] {
  if (rights.readOnly && !looks(permission)) return [];
  return rights.roles.map((role) => ({
    role,
    has: permits({ ...rights, roles: [role] }, permission),
  }));
}

/** Whether something holds; null: that is not to be told. */
export type Told = boolean | null;

/** Whether one of some holds, as far as it may be told. */
export function toldAny(parts: readonly Told[]): Told {
  if (parts.includes(true)) return true;
  return parts.includes(null) ? null : false;
}

/** Whether all of some hold, as far as it may be told. */
export function toldAll(parts: readonly Told[]): Told {
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}
