import { knownByName } from "../../access/readable-columns.ts";
import { canFill, mustSet, setByConditions, silentColumn } from "../../access/write-needs.ts";
import { isFieldKnown } from "../../authz/access-plan.ts";
import type { Action } from "../../authz/action.ts";
import {
  type DataNeed,
  type RoleAnswer,
  roleAnswers,
  rowsNeeded,
  type Told,
} from "../../authz/explain.ts";
import { columnsIn, type RowFilter } from "../../authz/predicate.ts";
import { permits, permitsAny } from "../../authz/rights.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import type { Context } from "../../graphql/context.ts";
import type { AskedData } from "./access-object.ts";
import type { Subject } from "./access-subject.ts";
import { type Check, type Step, stepOf, type ToldFilter } from "./explanation.ts";
import { NO_ROLE, roleText, silentText, UNFILLABLE } from "./explanation-text.ts";
import { factsOfRow, type RowFacts } from "./row-facts.ts";
import { type SubjectView, subjectView } from "./subject-view.ts";

/** The data rights that an action needs, in the order in which they are asked for. */
export interface DataChecks {
  readonly view: SubjectView;
  readonly checks: readonly Check[];
}

/** Asks the decision for every data right that an action needs. */
export async function dataChecks(
  context: Context,
  subject: Subject,
  asked: AskedData,
): Promise<DataChecks> {
  const { isCaller } = subject;
  const view = await subjectView(context, asked.dataset, subject);
  const { row } = asked;
  const facts = row && (await factsOfRow(context, { ...asked, row, view, isCaller }));
  const asking = { context, asked, view, facts };
  const rights = rightsNeeded(asked).map((need) => checkOf(asking, need));
  const sight = sightNeeded(asked).map((need) => checkOf(asking, need));
  return { view, checks: [...rights, ...besides(asking), ...sight] };
}

interface Asking {
  readonly context: Context;
  readonly asked: AskedData;
  readonly view: SubjectView;
  /** Null where no row is asked about. */
  readonly facts: RowFacts | null;
}

function rightsNeeded({ action, column, row }: AskedData): DataNeed[] {
  if (action === "DELETE") return [{ on: "WHOLE", action }];
  const onField: DataNeed[] = column ? [{ on: "FIELD", action, fieldId: column.id }] : [];
  if (action === "CREATE") return [{ on: "WHOLE", action }, ...onField];
  return column ? onField : [{ on: row ? "ROW" : "ANYWHERE", action }];
}

/** Changes and deletions reach only rows that are seen. */
function sightNeeded({ action }: AskedData): DataNeed[] {
  return action === "UPDATE" || action === "DELETE" ? [{ on: "ROW", action: "READ" }] : [];
}

function checkOf({ context, asked, view, facts }: Asking, need: DataNeed): Check {
  const column = need.on === "FIELD" ? asked.column : null;
  const name = nameOf(need.action, asked, column);
  const given = rowsNeeded(view.plan, need).length > 0;
  const steps = roleAnswers(view.deciding, need).map((answer): Step => {
    const filter = toldFilter(context, asked, answer.filter);
    const passed = toldOf(answer, facts);
    return {
      gate: "DATA",
      name,
      passed,
      text: roleText({ answer, name, filter, onRow: facts ? passed : undefined }),
      role: answer.role,
      source: answer.source,
      grant: grantOf(asked, answer),
      isFiltered: answer.filter !== null,
      filter,
    };
  });
  const nobody = stepOf({ gate: "DATA", name, passed: false, text: NO_ROLE });
  return {
    gate: "DATA",
    name,
    given,
    passed: facts ? facts.gives(need) : given,
    steps: view.deciding.rights.roles.length === 0 ? [nobody] : steps,
  };
}

/** What a role gives, on the row if one is asked about. */
function toldOf({ gives, rows }: RoleAnswer, facts: RowFacts | null): Told {
  return gives && facts && rows ? facts.told(rows) : gives;
}

/** What a write asks for besides, where it is missing. */
function besides({ asked, view: { told, plan, deciding } }: Asking): Check[] {
  const { action, column } = asked;
  const { rights } = deciding;
  const view = { definition: told, plan };
  const isNew = action === "CREATE";
  if (!isNew && action !== "UPDATE") return [];
  const defaults = told.columns.filter((each) => each.default !== null);
  const given = [...mustSet(told), ...defaults, ...setByConditions(told, rights).keys()];
  const set = [...(column ? [column] : []), ...(isNew ? given : [])];
  const silent = silentColumn(view, new Set(set));
  return [
    ...(isNew && !canFill(view, rights) ? [failed(nameOf("CREATE", asked), UNFILLABLE)] : []),
    ...(silent ? [failed(nameOf("READ", asked, silent), silentText(action))] : []),
  ];
}

function failed(name: string, text: string): Check {
  const steps = [stepOf({ gate: "DATA", name, passed: false, text })];
  return { gate: "DATA", name, given: false, passed: false, steps };
}

/** A right by its name; a column that the caller does not know is not named. */
function nameOf(
  action: Action,
  { dataset }: AskedData,
  column: ColumnDefinition | null = null,
): string {
  const { name } = dataset.definition;
  const isKnown = column !== null && knownByName(dataset).has(column.name);
  return isKnown ? `${action} ${name}.${column.name}` : `${action} ${name}`;
}

/** Filters are for those who may look at roles, as grants are, and name only columns that the caller knows. */
export function toldFilter(
  { rights }: Context,
  { dataset }: AskedData,
  filter: RowFilter | null,
): ToldFilter | null {
  const mayLook = permits(rights, "access::explain") || permitsAny(rights, "role");
  const isTold =
    filter && mayLook && columnsIn(filter).every((id) => isFieldKnown(dataset.plan, id));
  return isTold ? { filter, dataset } : null;
}

function grantOf({ dataset }: AskedData, { role, source, grantOn }: RoleAnswer) {
  const isOfDataset = source === "DATASET_GRANT";
  if (!isOfDataset && (source !== "FIELD_GRANT" || grantOn === null)) return null;
  return { roleId: role.id, datasetId: dataset.definition.id, columnId: grantOn };
}
