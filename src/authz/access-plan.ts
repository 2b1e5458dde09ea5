/**
 * The decision about data, made once for a principal and a dataset.
 *
 * Everything that concerns rows asks this plan: the readable view is its SQL, writes are judged by it,
 * and lists of datasets and columns are cut by it.
 *
 * @module
 */

import { ACTIONS, type Action } from "./action.ts";
import { type Branch, branchOf, type Grant, grantsByRole, union } from "./branch.ts";
import { normalForm, widest } from "./normal-form.ts";
import {
  bound,
  isEveryRow,
  type Operand,
  type Predicate,
  type RowFilter,
  type ValueOf,
  type Variable,
} from "./predicate.ts";
import type { Rights } from "./rights.ts";

/** Who may reach a dataset without a credential. */
export type AccessLevel = "PRIVATE" | "ONLY_VIZ" | "OPEN";

/** What the decision is made from, besides the rights of the caller. */
export interface Guarded {
  /** The UUID of the dataset. */
  readonly datasetId: string;
  readonly accessLevel: AccessLevel;
  /** The columns and links. */
  readonly fieldIds: readonly string[];
  readonly grants: readonly Grant[];
}

/** A data right on a dataset as a whole (`fieldId` null) or on one column or link of it. */
export interface DataRight {
  readonly action: Action;
  readonly fieldId: string | null;
}

/** The union of branches for each action. What two branches give is never multiplied. */
export type AccessPlan<Of = Operand> = Readonly<Record<Action, readonly Branch<Of>[]>>;

/** A plan whose variables have no value yet: what roles give, whoever holds them. */
export type UnboundPlan = AccessPlan<Operand | Variable>;

/**
 * Compiles the grants of all roles in effect into one plan.
 *
 * Pure and total: the same rights and facts always give the same plan, and no input throws.
 */
export function accessPlan(rights: Rights, guarded: Guarded): UnboundPlan {
  const overrides = grantsByRole(guarded.grants);
  const everything = new Set(guarded.fieldIds);
  const branches = (action: Action) =>
    hindrance(rights, guarded, action) === null
      ? union(
          rights.roles
            .map((role) => branchOf({ role, rights, overrides, everything, action }))
            .map((branch) => restricted(branch, rights, guarded)),
          everything,
        )
      : [];
  return {
    READ: branches("READ"),
    CREATE: branches("CREATE"),
    UPDATE: branches("UPDATE"),
    DELETE: branches("DELETE"),
  };
}

/** What a role gives, on the rows that the credential is restricted to. */
function restricted(
  branch: UnboundPlan[Action][number],
  { restriction }: Rights,
  { datasetId }: Guarded,
): UnboundPlan[Action][number] {
  const reached = restriction?.get(datasetId);
  if (!reached || isEveryRow(reached.rows)) return branch;
  return { ...branch, rows: normalForm({ kind: "all", of: [branch.rows, reached.rows] }) };
}

/** The plan with the values of its variables; see {@link bound}. */
export function boundPlan(plan: UnboundPlan, valueOf: ValueOf): AccessPlan {
  const known = new Map<RowFilter, Predicate>();
  const boundOnce = (filter: RowFilter) => {
    const rows = known.get(filter) ?? bound(filter, valueOf);
    known.set(filter, rows);
    return rows;
  };
  const branches = (action: Action) =>
    plan[action].map((branch) => ({ ...branch, rows: boundOnce(branch.rows) }));
  return {
    READ: branches("READ"),
    CREATE: branches("CREATE"),
    UPDATE: branches("UPDATE"),
    DELETE: branches("DELETE"),
  };
}

/**
 * What keeps a caller from an action whatever its roles: it can only look, the dataset is not open, or its credential
 * is restricted to others.
 */
export type Hindrance = "READ_ONLY" | "NOT_OPEN" | "RESTRICTED";

/** What stands before any role is looked at: the gates of a dataset; null: nothing. */
export function hindrance(
  { principal, readOnly, restriction }: Rights,
  { accessLevel, datasetId }: Pick<Guarded, "accessLevel" | "datasetId">,
  action: Action,
): Hindrance | null {
  if (restriction && !restriction.has(datasetId)) return "RESTRICTED";
  if (readOnly && action !== "READ") return "READ_ONLY";
  return principal.kind !== "ANONYMOUS" || accessLevel === "OPEN" ? null : "NOT_OPEN";
}

/** The branches by which a row can be seen, changed or made: those that give at least one field. */
export function reaching<Of>(plan: AccessPlan<Of>, action: Action): readonly Branch<Of>[] {
  if (action === "DELETE") return plan.DELETE;
  const withFields = plan[action].filter(({ fields }) => fields.size > 0);
  return action === "CREATE" ? withFields.filter(({ dataset }) => dataset) : withFields;
}

/** Whether the caller may do this in some rows, to the dataset as a whole or to one field of it. */
export function gives(plan: UnboundPlan, action: Action, fieldId?: string): boolean {
  if (fieldId === undefined) return plan[action].length > 0;
  return plan[action].some(({ fields }) => fields.has(fieldId));
}

/** The branches that give the very right, in some rows: on the dataset itself, not only on fields of it. */
export function giving<Of>(
  plan: AccessPlan<Of>,
  { action, fieldId }: DataRight,
): readonly Branch<Of>[] {
  return plan[action].filter(({ dataset, fields }) =>
    fieldId === null ? dataset : fields.has(fieldId),
  );
}

/** Whether the caller has the very right, in some rows: on the dataset itself, not only on fields of it. */
export function givesRight(plan: UnboundPlan, right: DataRight): boolean {
  return giving(plan, right).length > 0;
}

/** The columns and links that the caller may read, make or change in some row. */
export function fieldsGiven(plan: UnboundPlan, action: Action): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = reaching(plan, action).map(({ fields }) => fields);
  return others.length === 0 ? first : new Set([first, ...others].flatMap((each) => [...each]));
}

/** The rows in which one field may be read, made or changed; empty: in none. */
export function rowsOf<Of extends Operand | Variable>(
  plan: AccessPlan<Of>,
  action: Action,
  fieldId: string,
): readonly Predicate<Of>[] {
  return distinctRows(reaching(plan, action).filter(({ fields }) => fields.has(fieldId)));
}

/** The rows of which some cell may be read; empty: none. */
export function rowsSeen<Of extends Operand | Variable>(
  plan: AccessPlan<Of>,
): readonly Predicate<Of>[] {
  return distinctRows(reaching(plan, "READ"));
}

/** The rows of which some cell may be changed; empty: none. */
export function rowsChangeable<Of extends Operand | Variable>(
  plan: AccessPlan<Of>,
): readonly Predicate<Of>[] {
  return distinctRows(reaching(plan, "UPDATE"));
}

/** The rows that may be made or deleted whole; empty: none. */
export function rowsGiven<Of extends Operand | Variable>(
  plan: AccessPlan<Of>,
  action: "CREATE" | "DELETE",
): readonly Predicate<Of>[] {
  return distinctRows(plan[action].filter(({ dataset }) => dataset));
}

function distinctRows<Of extends Operand | Variable>(
  branches: readonly Branch<Of>[],
): readonly Predicate<Of>[] {
  return widest([...new Set(branches.map((branch) => branch.rows))]);
}

/**
 * Whether the caller reads the column in every row, and so may ask questions about all of them at once:
 * a unique column tells of rows that are not shown.
 */
export function readsEverywhere(plan: UnboundPlan, columnId: string): boolean {
  return rowsOf(plan, "READ", columnId).some(isEveryRow);
}

/** A dataset is known to whom some role gives any action on it or on a field of it. */
export function isKnown(plan: UnboundPlan): boolean {
  return ACTIONS.some((action) => gives(plan, action));
}

/** A column or link is known to whom some role gives any action on it, in whichever rows. */
export function isFieldKnown(plan: UnboundPlan, fieldId: string): boolean {
  return ACTIONS.some((action) => gives(plan, action, fieldId));
}
