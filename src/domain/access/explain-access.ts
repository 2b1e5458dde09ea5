import { hindrance, type Hindrance, isFieldKnown, isKnown } from "../../authz/access-plan.ts";
import type { Action } from "../../authz/action.ts";
import { guardedOf } from "../../access/known-dataset.ts";
import { rolesPermitting, toldAll } from "../../authz/explain.ts";
import { conditionsOn } from "../../authz/restriction.ts";
import { looks, permits, type Rights } from "../../authz/rights.ts";
import type { Context } from "../../graphql/context.ts";
import { missingText } from "../../graphql/forbidden-error.ts";
import type { AskedData, AskedPermission } from "./access-object.ts";
import type { Subject } from "./access-subject.ts";
import { dataChecks, toldFilter } from "./explain-data.ts";
import { type Check, type Explanation, type Step, stepOf } from "./explanation.ts";
import { NO_ROLE, permissionText } from "./explanation-text.ts";
import type { SubjectView } from "./subject-view.ts";

/** The permission of the methods by which an action is done with rows. */
const METHODS: Readonly<Record<Action, string>> = {
  READ: "row::get",
  CREATE: "row::create",
  UPDATE: "row::update",
  DELETE: "row::delete",
};

/** Explains whether a subject holds a permission. */
export function explainPermission(subject: Subject, { permission }: AskedPermission): Explanation {
  const { rights } = subject;
  const isHindered = rights.readOnly && !looks(permission);
  const restrictions = restrictionsOf(subject, isHindered ? "READ_ONLY" : null, permission);
  const checks = [keyCheck(subject), permissionCheck(rights, permission)].flat();
  return concluded({ checks, restrictions, notes: [], unknown: null });
}

/** Explains whether a subject may do something with data. */
export async function explainData(
  context: Context,
  subject: Subject,
  asked: AskedData,
): Promise<Explanation> {
  const { rights } = subject;
  const { view, checks } = await dataChecks(context, subject, asked);
  const { definition } = asked.dataset;
  const hindered = hindrance(rights, guardedOf(definition), asked.action);
  const conditions = conditionSteps(context, subject, asked);
  return concluded({
    checks: [...keyCheck(subject), permissionCheck(rights, METHODS[asked.action]), ...checks],
    restrictions: [...restrictionsOf(subject, hindered, definition.name), ...conditions],
    notes: [
      ...conditions.map(({ text }) => text),
      ...notesOn(asked, [...conditions, ...checks.flatMap(({ steps }) => steps)]),
    ],
    unknown: subject.isCaller ? null : unknownTo(view, asked),
  });
}

function permissionCheck(rights: Rights, permission: string): Check {
  const name = permission;
  const given = permits(rights, name);
  const gate = "PERMISSION";
  const steps = rolesPermitting(rights, name).map((each): Step => ({
    ...stepOf({ gate, name, passed: each.has, text: permissionText(each, name) }),
    role: each.role,
    source: each.role.builtIn === "ADMINISTRATOR" ? "ADMINISTRATOR" : null,
  }));
  const nobody = stepOf({ gate, name, passed: false, text: NO_ROLE });
  return {
    gate,
    name,
    given,
    passed: given,
    steps: rights.roles.length === 0 ? [nobody] : steps,
  };
}

/** Whether the key is accepted at all. */
function keyCheck({ keyState }: Subject): Check[] {
  if (keyState === null) return [];
  const passed = keyState === "ACTIVE";
  const text = passed
    ? "The key is active."
    : `The key is ${keyState.toLowerCase()}: whoever presents it is UNAUTHENTICATED.`;
  const step = { gate: "RESTRICTION", name: "ACTIVE", passed, text } as const;
  return [{ ...step, given: passed, steps: [stepOf(step)] }];
}

/** What narrows a subject whatever its roles, and whether it stands in the way. */
function restrictionsOf(
  { rights: { principal, readOnly } }: Subject,
  hindered: Hindrance | null,
  name: string,
): Step[] {
  const text =
    (hindered === "RESTRICTED" && ELSEWHERE) || (principal.kind === "ANONYMOUS" && PUBLIC);
  if (!text && !readOnly) return [];
  const step = { gate: "RESTRICTION", name, passed: hindered === null } as const;
  return [stepOf({ ...step, text: text || PUBLISHABLE })];
}

const ELSEWHERE = "The token is restricted to other datasets.";
const PUBLIC = "Without a credential one can only look, and see only datasets that are OPEN.";
const PUBLISHABLE = "The key is publishable: it can only look, whatever its roles.";

/**
 * The conditions of a token, which hold besides what its roles give. Of tokens each is explained to itself alone: a row
 * that it asks about is one that meets them.
 */
function conditionSteps(
  context: Context,
  { rights }: Subject,
  asked: AskedData,
): (Step & { readonly isFiltered: true })[] {
  const { definition } = asked.dataset;
  const conditions = conditionsOn(rights.restriction, definition.id);
  if (!conditions) return [];
  const filter = toldFilter(context, asked, conditions);
  const step = { gate: "RESTRICTION", name: definition.name, passed: true } as const;
  return [{ ...stepOf({ ...step, text: CONDITIONS }), isFiltered: true, filter }];
}

const CONDITIONS = "The token reaches only the rows that meet its conditions.";

/** What is asked again when it is done. */
function notesOn({ action, column, row }: AskedData, steps: readonly Step[]): string[] {
  const isFiltered = steps.some((step) => step.isFiltered);
  return [
    ...(action === "UPDATE" && row && isFiltered
      ? ["The filter is asked of the row as it is, and again of the row as it becomes."]
      : []),
    ...(action === "CREATE" && isFiltered
      ? ["The filter is asked of the complete new row, with its defaults."]
      : []),
    ...(action === "UPDATE" && column && !column.editable
      ? ["The column is set when a row is made and not changed afterwards, by nobody."]
      : []),
  ];
}

/** What does not exist for another subject, as far as the caller knows it. */
function unknownTo({ plan }: SubjectView, { column }: AskedData): string | null {
  if (!isKnown(plan)) return "For the subject the dataset does not exist.";
  return column && !isFieldKnown(plan, column.id)
    ? "For the subject the column does not exist."
    : null;
}

interface Conclusion {
  /** In the order in which they are asked. */
  readonly checks: readonly Check[];
  readonly restrictions: readonly Step[];
  readonly notes: readonly string[];
  readonly unknown: string | null;
}

function concluded({ checks, restrictions, notes, unknown }: Conclusion): Explanation {
  const allowed = toldAll(checks.map(({ passed }) => passed));
  const steps = [...restrictions, ...checks.flatMap((check) => check.steps)];
  if (allowed === null) return { allowed, why: [UNTOLD, ...notes].join(" "), missing: null, steps };
  if (allowed) {
    const text = decisive(checks);
    return { allowed, why: [`Allowed. ${text}`, ...notes].join(" "), missing: null, steps };
  }
  // What is nowhere given is asked for first; then, whether the row is seen; then the rest of it.
  const lacking =
    checks.find(({ given }) => !given) ??
    checks.toReversed().find(({ passed }) => passed === false);
  if (!lacking) return { allowed, why: "Not allowed.", missing: null, steps };
  const { gate, name } = lacking;
  const said = gate === "RESTRICTION" ? "Not allowed." : `Not allowed: ${missingText(lacking)}`;
  const parts = [said, reasonOf(lacking, restrictions), ...(unknown === null ? [] : [unknown])];
  return { allowed, why: parts.join(" "), missing: { gate, name }, steps };
}

const UNTOLD = "Whether it is allowed depends on cells of the row that you may not read.";

/** What a role says that gives the very right, on every row if there is such a role. */
function decisive(checks: readonly Check[]): string {
  const { steps = [] } = checks.find(({ gate }) => gate === "DATA") ?? checks.at(-1) ?? {};
  const giving = steps.filter(({ passed }) => passed === true);
  return (giving.find(({ isFiltered }) => !isFiltered) ?? giving[0])?.text ?? "";
}

function reasonOf({ gate, given, steps }: Check, restrictions: readonly Step[]): string {
  const restriction = restrictions.find(({ passed }) => passed === false);
  if (restriction && gate !== "RESTRICTION") return restriction.text;
  const [only, ...others] = steps;
  if (only && others.length === 0) return only.text;
  return given ? "No role in effect gives it on this row." : "No role in effect gives it.";
}
