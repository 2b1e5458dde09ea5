/**
 * What one role gives, and how roles that give the same rows are joined.
 *
 * @module
 */

import type { Action } from "./action.ts";
import { textOf } from "./normal-form.ts";
import {
  EVERY_ROW,
  type Operand,
  type Predicate,
  type RowFilter,
  type Variable,
} from "./predicate.ts";
import type { Rights } from "./rights.ts";
import type { Role } from "./role.ts";

/** Whether a role gives an action; where a grant says nothing, what stands above it holds. */
export type Setting = "ALLOW" | "WITHHOLD";

/** A role's override for a dataset, or for one of its columns or links. */
export interface Grant {
  readonly roleId: string;
  /** The column or link that it is for; null: the dataset as a whole. */
  readonly fieldId: string | null;
  readonly settings: Readonly<Partial<Record<Action, Setting>>>;
  /**
   * Of a grant for the dataset: on which rows the role gives an action, wherever it has the right from; in
   * normal form. An action that is not there is given on every row.
   */
  readonly rowFilters: Readonly<Partial<Record<Action, RowFilter>>>;
}

/** What roles with the same rows give together: these columns and links, on these rows. */
export interface Branch<Of = Operand> {
  readonly roles: readonly string[];
  /** The same object wherever it is the same. */
  readonly rows: Predicate<Of>;
  /** Whether the action is given on the dataset itself, not only on fields of it. */
  readonly dataset: boolean;
  readonly fields: ReadonlySet<string>;
}

type Given = Branch<Operand | Variable>;

/** Overrides by role and field; the key `null` is the dataset as a whole. */
export type Overrides = ReadonlyMap<string, ReadonlyMap<string | null, Grant>>;

/** The overrides of each role. */
export function grantsByRole(grants: readonly Grant[]): Overrides {
  const overrides = new Map<string, Map<string | null, Grant>>();
  for (const grant of grants) {
    const ofRole = overrides.get(grant.roleId) ?? new Map<string | null, Grant>();
    overrides.set(grant.roleId, ofRole.set(grant.fieldId, grant));
  }
  return overrides;
}

/** One role and one action. */
export interface Question {
  readonly role: Role;
  readonly rights: Rights;
  readonly overrides: Overrides;
  readonly everything: ReadonlySet<string>;
  readonly action: Action;
}

/** What one role gives: its grant on the field, else its grant on the dataset, else its default. */
export function branchOf({ role, rights, overrides, everything, action }: Question): Given {
  const roles = [role.name];
  if (role.builtIn === "ADMINISTRATOR") {
    const fields = action === "DELETE" ? NONE : everything;
    return { roles, rows: EVERY_ROW, dataset: true, fields };
  }
  const ofRole = overrides.get(role.id);
  const onDataset = ofRole?.get(null);
  const isDefault = isOpened(rights, action) || role.defaults.has(action);
  const byDefault: Setting = isDefault ? "ALLOW" : "WITHHOLD";
  const dataset = (onDataset?.settings[action] ?? byDefault) === "ALLOW";
  return {
    roles,
    rows: onDataset?.rowFilters[action] ?? EVERY_ROW,
    dataset,
    fields: action === "DELETE" ? NONE : fieldsOf(ofRole, { everything, action, dataset }),
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Whether a dataset that is open gives the action by itself, where no grant speaks of it. */
function isOpened({ principal }: Rights, action: Action): boolean {
  return principal.kind === "ANONYMOUS" && action === "READ";
}

/** Where the word is found that decides whether a role gives an action. */
export type Source = "ADMINISTRATOR" | "FIELD_GRANT" | "DATASET_GRANT" | "OPEN_DATASET" | "DEFAULT";

/** What {@link branchOf} decided by, on the dataset as a whole (`fieldId` null) or on one field of it. */
export function sourceOf(
  { role, rights, overrides, action }: Omit<Question, "everything">,
  fieldId: string | null,
): Source {
  if (role.builtIn === "ADMINISTRATOR") return "ADMINISTRATOR";
  const ofRole = overrides.get(role.id);
  if (fieldId !== null && ofRole?.get(fieldId)?.settings[action]) return "FIELD_GRANT";
  if (ofRole?.get(null)?.settings[action]) return "DATASET_GRANT";
  return isOpened(rights, action) ? "OPEN_DATASET" : "DEFAULT";
}

/** The fields that a role gives: those of the dataset's right, but for what its overrides say. */
function fieldsOf(
  ofRole: ReadonlyMap<string | null, Grant> | undefined,
  {
    everything,
    action,
    dataset,
  }: Pick<Question, "everything" | "action"> & { readonly dataset: boolean },
): ReadonlySet<string> {
  const inherited = dataset ? everything : NONE;
  const changed = dataset ? "WITHHOLD" : "ALLOW";
  let fields: Set<string> | null = null;
  for (const { fieldId, settings } of ofRole?.values() ?? []) {
    if (fieldId === null || settings[action] !== changed || !everything.has(fieldId)) continue;
    fields ??= new Set(inherited);
    if (dataset) fields.delete(fieldId);
    else fields.add(fieldId);
  }
  return fields ?? inherited;
}

/** Roles with the same rows, while they are joined. */
interface Joining extends Omit<Given, "roles" | "fields"> {
  readonly roles: string[];
  fields: ReadonlySet<string>;
  /** The same, once fields of several roles are in it. */
  own: Set<string> | null;
}

/**
 * Joins branches that give the same rows and agree on the dataset.
 *
 * Those that do not agree stay apart: a field's CREATE counts only with a role that gives CREATE on the
 * dataset too.
 */
export function union(branches: readonly Given[], everything: ReadonlySet<string>): Given[] {
  const rowsByText = new Map<string, RowFilter>();
  const joined = new Map<string, Joining>();
  for (const { roles, rows, dataset, fields } of branches) {
    if (!dataset && fields.size === 0) continue;
    const text = textOf(rows);
    const same = rowsByText.get(text) ?? rows;
    rowsByText.set(text, same);
    const key = `${dataset} ${text}`;
    const other = joined.get(key);
    if (other) join(other, { roles, fields }, everything);
    else joined.set(key, { roles: [...roles], rows: same, dataset, fields, own: null });
  }
  return [...joined.values()].map(({ roles, rows, dataset, fields }) => ({
    roles,
    rows,
    dataset,
    fields,
  }));
}

function join(
  one: Joining,
  { roles, fields }: Pick<Given, "roles" | "fields">,
  everything: ReadonlySet<string>,
): void {
  one.roles.push(...roles);
  if (one.fields === everything || fields === one.fields) return;
  if (fields === everything) {
    one.fields = everything;
    return;
  }
  one.own ??= new Set(one.fields);
  for (const field of fields) one.own.add(field);
  one.fields = one.own;
}
