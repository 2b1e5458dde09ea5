import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "../../support/world.ts";
import {
  type Asker,
  type Cells,
  COLUMNS,
  PERMISSIONS,
  policies,
  type Stage,
  stageOf,
} from "./drawn-policies.ts";

type Action = "READ" | "CREATE" | "UPDATE" | "DELETE";

/** One question: what is asked, and by which alias it is answered. */
interface Question {
  readonly alias: string;
  readonly action: Action | null;
  /** The argument `object`, as it stands in a document. */
  readonly object: string;
  readonly column?: string;
  readonly row?: Asker["rows"][number];
}

interface Missing {
  readonly gate: string;
  readonly name: string;
}

interface Explanation {
  readonly allowed: boolean | null;
  readonly missing: Missing | null;
  readonly steps: readonly {
    readonly name: string;
    readonly passed: boolean | null;
    readonly rowFilter: object | null;
  }[];
}

/** How something ended that was done. */
interface Outcome {
  readonly code: string | null;
  readonly missing: Missing | null;
}

function questionsOf({ dataset }: Stage, { rows }: Asker): Question[] {
  const actions = ["READ", "CREATE", "UPDATE", "DELETE"] as const;
  const onRows = ["READ", "UPDATE", "DELETE"] as const;
  return [
    ...PERMISSIONS.map((name, place) => ({
      alias: `p${place}`,
      action: null,
      object: `{permission: "${name}"}`,
    })),
    ...actions.map((action) => ({
      alias: `d_${action}`,
      action,
      object: `{datasetId: "${dataset.id}"}`,
    })),
    ...COLUMNS.flatMap((column) =>
      (["READ", "CREATE", "UPDATE"] as const).map((action) => ({
        alias: `c_${action}_${column}`,
        action,
        column,
        object: `{columnId: "${dataset.columns[column]}"}`,
      })),
    ),
    ...rows.flatMap((row, place) => [
      ...onRows.map((action) => ({
        alias: `r${place}_${action}`,
        action,
        row,
        object: `{rowId: "${row.id}"}`,
      })),
      ...(["READ", "UPDATE"] as const).flatMap((action) =>
        COLUMNS.map((column) => ({
          alias: `r${place}_${action}_${column}`,
          action,
          column,
          row,
          object: `{rowId: "${row.id}", column: "${column}"}`,
        })),
      ),
    ]),
  ];
}

type Explained = Readonly<Record<string, Explanation | null>>;

/** What the administrator is told of somebody, and what it is told of itself. */
async function explanations({ world }: Stage, asker: Asker, questions: readonly Question[]) {
  const part = (subject: string) =>
    questions.map(
      ({ alias, action, object }) =>
        `${alias}: explainAccess(${subject}object: ${object}${action ? `, action: ${action}` : ""}) {
           allowed missing { gate name } steps { name passed rowFilter } }`,
    );
  const other = await world.ask<Explained>(
    `query ($subject: AccessSubject) { ${part("subject: $subject, ").join(" ")} }`,
    { variables: { subject: asker.subject } },
  );
  const { key, headers } = asker;
  // The name of a column that it does not know is an error, as everywhere.
  const own = await world.run<{ viewer: Explained }>(`{ viewer { ${part("").join(" ")} } }`, {
    key,
    headers,
  });
  return { other, own: own.data?.viewer ?? {} };
}

/** A value that no row has in the unique column. */
let fresh = 1_000;

const NEVER = `row_${"0".repeat(32)}`;

/** A value to write; one of the unique column that no row has. */
const aValue = (column: string) => (column === "c" ? String((fresh += 1)) : '"x"');

const toUpdate = (alias: string, row: string, values: string) =>
  `${alias}: updateRows(input: {datasetId: $id, rows: [{id: "${row}", values: {${values}}}]}) { count }`;
const toCreate = (alias: string, values: string) =>
  `${alias}: createRows(input: {datasetId: $id, rows: [{${values}}]}) { count }`;
const toDelete = (alias: string, row: string) =>
  `${alias}: deleteRows(input: {datasetId: $id, rows: [{id: "${row}"}]}) { count }`;

/** Reads everything that is asked about. */
function reading(rows: Asker["rows"]): string {
  const filtered = COLUMNS.map(
    (name) => `c_READ_${name}: rows(filter: {column: "${name}", isNull: true}) { totalCount }`,
  );
  const single = rows.map(({ id }, place) => `r${place}_READ: row(id: "${id}") { values }`);
  return `query ($id: ID!) {
    viewer { permissions }
    about: dataset(id: $id) { columns { name canRead } }
    dataset(id: $id) { d_READ: rows { totalCount } ${[...filtered, ...single].join(" ")} } }`;
}

/** Makes, changes and deletes; each cell of a row is set to what it is, so that the row stays as it is. */
function writing(rows: Asker["rows"]): string {
  const fields = [
    toCreate("d_CREATE", ""),
    toUpdate("d_UPDATE", NEVER, ""),
    toDelete("d_DELETE", NEVER),
    ...COLUMNS.flatMap((name) => [
      toCreate(`c_CREATE_${name}`, `${name}: ${aValue(name)}`),
      toUpdate(`c_UPDATE_${name}`, NEVER, `${name}: ${aValue(name)}`),
      ...rows.map(({ id, cells }, place) =>
        toUpdate(`r${place}_UPDATE_${name}`, id, `${name}: ${JSON.stringify(cells[name])}`),
      ),
    ]),
    ...rows.map(({ id }, place) => toUpdate(`r${place}_UPDATE`, id, "")),
    ...rows.map(({ id }, place) => toDelete(`r${place}_DELETE`, id)),
  ];
  return `mutation ($id: ID!) { ${fields.join(" ")} }`;
}

/** Does everything that is asked about, and tells how each ended. */
async function done({ world, dataset: { id } }: Stage, { key, headers, rows }: Asker) {
  const asking = { key, headers, variables: { id } };
  const read = await world.run<Read>(reading(rows), asking);
  const written = await world.run(writing(rows), asking);
  return { read, written };
}

interface Read {
  readonly viewer: { readonly permissions: readonly string[] };
  readonly about: {
    readonly columns: readonly { readonly name: string; readonly canRead: boolean }[];
  } | null;
  readonly dataset: Readonly<Record<string, { readonly values?: object } | null>> | null;
}

/** How the field of an alias ended. */
function outcomeOf({ errors }: Answer<unknown>, alias: string): Outcome {
  const error = errors.find(({ path }) => path?.includes(alias));
  return {
    code: error?.extensions.code ?? null,
    missing: (error?.extensions["missing"] as Missing | undefined) ?? null,
  };
}

type Done = Awaited<ReturnType<typeof done>>;

/** Whether it was done, or would have been for the right row, and with what it was refused. */
function happened({ read, written }: Done, question: Question): Outcome & { readonly ok: boolean } {
  const { alias, action, column, row } = question;
  const isRead = action === "READ";
  const outcome = outcomeOf(isRead ? read : written, isRead && row ? readingOf(alias) : alias);
  const dataset = read.data?.dataset ?? null;
  if (action === null) {
    const held = read.data?.viewer.permissions ?? [];
    return { ...outcome, ok: held.some((name) => question.object.includes(`"${name}"`)) };
  }
  if (isRead && row) {
    const values = dataset?.[readingOf(alias)]?.values;
    return { ...outcome, ok: values !== undefined && (!column || Object.hasOwn(values, column)) };
  }
  if (isRead) return { ...outcome, ok: dataset !== null && outcome.code === null };
  if (row || action === "CREATE") return { ...outcome, ok: outcome.code === null };
  // Changed and deleted are only rows that are seen; the one that was named is not there.
  const sees = read.data?.about?.columns.some(({ canRead }) => canRead) ?? false;
  return { ...outcome, ok: outcome.code === "NOT_FOUND" && sees };
}

/** Whether the filters of the roles that give a right let a new row through, by what is shown of them. */
function letsNew({ steps }: Explanation, name: string, cells: Known): boolean {
  return steps.some(
    (step) =>
      step.name === name &&
      step.passed === true &&
      (step.rowFilter === null || truthOf(step.rowFilter, cells) === true),
  );
}

/** The cells that filters speak of, and what the variable is that they name. */
type Known = Cells & Pick<Asker, "city">;

interface Filter {
  readonly or?: readonly Filter[];
  readonly not?: Filter;
  readonly column?: "a" | "b";
  readonly eq?: string;
  readonly ne?: string;
  readonly isNull?: boolean;
}

function namesVariable(filter: object): boolean {
  return JSON.stringify(filter).includes("$user");
}

/** In three values; a filter that names a variable without a value holds on nothing. */
function truthOf(filter: Filter, known: Known): boolean | null {
  if (namesVariable(filter) && known.city === null) return false;
  const { or, not, column = "a", eq, ne, isNull } = filter;
  if (or) {
    const parts = new Set(or.map((part) => truthOf(part, known)));
    if (parts.has(true)) return true;
    return parts.has(null) ? null : false;
  }
  if (not) {
    const part = truthOf(not, known);
    return part === null ? null : !part;
  }
  const cell = known[column];
  if (isNull !== undefined) return (cell === null) === isNull;
  if (cell === null) return null;
  const operand = eq ?? ne;
  const isSame = cell === (operand === "$user.city" ? known.city : operand);
  return eq === undefined ? !isSame : isSame;
}

/** Whether a new row is made: the right is given, and a filter lets this very row through. */
function expectedOf(question: Question, explanation: Explanation, { city }: Asker): boolean {
  const { action, column } = question;
  if (action !== "CREATE") return explanation.allowed === true;
  const cells = { a: column === "a" ? "x" : null, b: column === "b" ? "x" : null, city };
  const names = ["CREATE d", ...(column ? [`CREATE d.${column}`] : [])];
  return explanation.allowed === true && names.every((name) => letsNew(explanation, name, cells));
}

/** Whether it is not there for who asks about itself. */
function isUnknown({ read }: Done, { alias, action, column, row }: Question): boolean {
  if (action === null) return false;
  const { about = null, dataset = null } = read.data ?? {};
  const isHidden = column !== undefined && !about?.columns.some(({ name }) => name === column);
  const isSeen = !row || dataset?.[readingOf(alias)]?.values !== undefined;
  return about === null || isHidden || !isSeen;
}

/** The alias by which the row of another is read. */
function readingOf(alias: string): string {
  return `${alias.slice(0, 2)}_READ`;
}

/** Holds what was told of one question against what happened. */
function expectTrue(all: Done, asker: Asker, question: Question, told: Explanation | null) {
  const { alias } = question;
  const { ok, missing } = happened(all, question);
  if (!told) throw new Error(`${alias} was not explained.`);
  expect({ alias, ok: expectedOf(question, told, asker) }).toEqual({ alias, ok });
  // An error may name the dataset where the explanation names the column of it that was asked about.
  const refused = told.allowed === false ? missing : null;
  const named = refused && told.missing;
  expect({
    alias,
    gate: named?.gate,
    isNamed: named?.name.startsWith(refused?.name ?? ""),
  }).toEqual({
    alias,
    gate: refused?.gate,
    isNamed: refused ? true : undefined,
  });
}

test("on whatever policies, what is explained is what happens", async () => {
  const tally = { allowed: 0, denied: 0, deniedOnRow: 0, untold: 0 };
  await fc.assert(
    fc.asyncProperty(policies, async (drawn) => {
      const stage = await stageOf(drawn);
      for (const asker of stage.askers) {
        const questions = questionsOf(stage, asker);
        const { other, own } = await explanations(stage, asker, questions);
        const all = await done(stage, asker);
        for (const question of questions) {
          const told = other[question.alias] ?? null;
          expectTrue(all, asker, question, told);
          const itself = isUnknown(all, question)
            ? null
            : { allowed: told?.allowed, missing: told?.missing };
          const { alias } = question;
          const { allowed, missing } = own[alias] ?? {};
          expect({ alias, itself: own[alias] ? { allowed, missing } : null }).toEqual({
            alias,
            itself,
          });
          tally[told?.allowed ? "allowed" : "denied"] += 1;
          tally.deniedOnRow += Number(question.row !== undefined && told?.allowed === false);
          tally.untold += Number(itself === null);
        }
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
  expect(Object.values(tally).every((times) => times > 20)).toBe(true);
});
