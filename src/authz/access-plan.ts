/**
 * The decision about data, made once for a principal and a dataset.
 *
 * Everything that concerns rows asks this plan: the readable view is its SQL, writes are judged by it,
 * and lists of datasets and columns are cut by it.
 *
 * @module
 */

import { ACTIONS, type Action } from "./action.ts";
import { EVERY_ROW, isEveryRow, type Predicate } from "./predicate.ts";
import type { Rights } from "./rights.ts";
import type { Role } from "./role.ts";

/** Who may reach a dataset without a credential. */
export type AccessLevel = "PRIVATE" | "ONLY_VIZ" | "OPEN";

/** Whether a role gives an action; where a grant says nothing, what stands above it holds. */
export type Setting = "ALLOW" | "WITHHOLD";

/** A role's override for a dataset, or for one of its columns. */
export interface Grant {
  readonly roleId: string;
  /** Null: the override is for the dataset as a whole. */
  readonly columnId: string | null;
  readonly settings: Readonly<Partial<Record<Action, Setting>>>;
}

/** What the decision is made from, besides the rights of the caller. */
export interface Guarded {
  readonly accessLevel: AccessLevel;
  readonly columnIds: readonly string[];
  readonly grants: readonly Grant[];
}

/** A data right on a dataset as a whole (`columnId` null) or on one column of it. */
export interface DataRight {
  readonly action: Action;
  readonly columnId: string | null;
}

/** What roles with the same rows give together: these columns, on these rows. */
export interface Branch {
  readonly roles: readonly string[];
  readonly rows: Predicate;
  /** Whether the action is given on the dataset itself, not only on columns of it. */
  readonly dataset: boolean;
  readonly columns: ReadonlySet<string>;
}

/** The union of branches for each action. What two branches give is never multiplied. */
export type AccessPlan = Readonly<Record<Action, readonly Branch[]>>;

/**
 * Compiles the grants of all roles in effect into one plan.
 *
 * Pure and total: the same rights and facts always give the same plan, and no input throws.
 */
export function accessPlan(rights: Rights, guarded: Guarded): AccessPlan {
  const overrides = byRole(guarded.grants);
  const branches = (action: Action) =>
    isReachable(rights, guarded, action)
      ? union(rights.roles.map((role) => branchOf({ role, rights, guarded, overrides, action })))
      : [];
  return {
    READ: branches("READ"),
    CREATE: branches("CREATE"),
    UPDATE: branches("UPDATE"),
    DELETE: branches("DELETE"),
  };
}

/** Overrides by role and column; the key `null` is the dataset as a whole. */
type Overrides = ReadonlyMap<string, ReadonlyMap<string | null, Grant["settings"]>>;

function byRole(grants: readonly Grant[]): Overrides {
  const overrides = new Map<string, Map<string | null, Grant["settings"]>>();
  for (const { roleId, columnId, settings } of grants) {
    const ofRole = overrides.get(roleId) ?? new Map<string | null, Grant["settings"]>();
    overrides.set(roleId, ofRole.set(columnId, settings));
  }
  return overrides;
}

/** Whether the kind of the caller lets it ask for the action at all, before any role is looked at. */
function isReachable({ principal, readOnly }: Rights, { accessLevel }: Guarded, action: Action) {
  if (readOnly && action !== "READ") return false;
  return principal.kind !== "ANONYMOUS" || accessLevel === "OPEN";
}

interface Question {
  readonly role: Role;
  readonly rights: Rights;
  readonly guarded: Guarded;
  readonly overrides: Overrides;
  readonly action: Action;
}

/** What one role gives: its grant on the column, else its grant on the dataset, else its default. */
function branchOf({ role, rights, guarded, overrides, action }: Question): Branch {
  const ofRole = role.builtIn === "ADMINISTRATOR" ? undefined : overrides.get(role.id);
  const isOpened = rights.principal.kind === "ANONYMOUS" && action === "READ";
  const isEverything = role.builtIn === "ADMINISTRATOR";
  const byDefault: Setting =
    isEverything || isOpened || role.defaults.has(action) ? "ALLOW" : "WITHHOLD";
  const onDataset = ofRole?.get(null)?.[action] ?? byDefault;
  const columns =
    action === "DELETE"
      ? []
      : guarded.columnIds.filter((id) => (ofRole?.get(id)?.[action] ?? onDataset) === "ALLOW");
  return {
    roles: [role.name],
    rows: EVERY_ROW,
    dataset: onDataset === "ALLOW",
    columns: new Set(columns),
  };
}

/**
 * Joins branches that give the same rows and agree on the dataset.
 *
 * Those that do not agree stay apart: a column's CREATE counts only with a role that gives CREATE on the
 * dataset too.
 */
function union(branches: readonly Branch[]): Branch[] {
  const given = branches.filter(({ dataset, columns }) => dataset || columns.size > 0);
  return [true, false].flatMap((dataset) => {
    const same = given.filter((branch) => branch.dataset === dataset);
    if (same.length === 0) return [];
    return {
      roles: same.flatMap(({ roles }) => roles),
      rows: EVERY_ROW,
      dataset,
      columns: new Set(same.flatMap(({ columns }) => [...columns])),
    };
  });
}

/** The branches by which a row can be seen, changed or made: those that give at least one column. */
function reaching(plan: AccessPlan, action: Action): readonly Branch[] {
  if (action === "DELETE") return plan.DELETE;
  const withColumns = plan[action].filter(({ columns }) => columns.size > 0);
  return action === "CREATE" ? withColumns.filter(({ dataset }) => dataset) : withColumns;
}

/** Whether the caller may do this in some rows, to the dataset as a whole or to one column of it. */
export function gives(plan: AccessPlan, action: Action, columnId?: string): boolean {
  if (columnId === undefined) return plan[action].length > 0;
  return plan[action].some(({ columns }) => columns.has(columnId));
}

/** Whether the caller has the very right, in some rows: on the dataset itself, not only on columns of it. */
export function givesRight(plan: AccessPlan, { action, columnId }: DataRight): boolean {
  return columnId === null
    ? plan[action].some(({ dataset }) => dataset)
    : gives(plan, action, columnId);
}

/** The columns that the caller may read, make or change in some row. */
export function columnsGiven(plan: AccessPlan, action: Action): ReadonlySet<string> {
  return new Set(reaching(plan, action).flatMap(({ columns }) => [...columns]));
}

/** The rows in which one column may be read, made or changed; empty: in none. */
export function rowsOf(plan: AccessPlan, action: Action, columnId: string): readonly Predicate[] {
  return reaching(plan, action)
    .filter(({ columns }) => columns.has(columnId))
    .map(({ rows }) => rows);
}

/** The rows of which some cell may be read; empty: none. */
export function rowsSeen(plan: AccessPlan): readonly Predicate[] {
  return reaching(plan, "READ").map(({ rows }) => rows);
}

/** The rows that may be made or deleted whole; empty: none. */
export function rowsGiven(plan: AccessPlan, action: "CREATE" | "DELETE"): readonly Predicate[] {
  return plan[action].filter(({ dataset }) => dataset).map(({ rows }) => rows);
}

/**
 * Whether the caller reads the column in every row, and so may ask questions about all of them at once:
 * a unique column tells of rows that are not shown.
 */
export function readsEverywhere(plan: AccessPlan, columnId: string): boolean {
  return rowsOf(plan, "READ", columnId).some(isEveryRow);
}

/** A dataset is known to whom some role gives any action on it or on a column of it. */
export function isKnown(plan: AccessPlan): boolean {
  return ACTIONS.some((action) => gives(plan, action));
}

/** A column is known to whom some role gives any action on it, in whichever rows. */
export function isColumnKnown(plan: AccessPlan, columnId: string): boolean {
  return ACTIONS.some((action) => gives(plan, action, columnId));
}
