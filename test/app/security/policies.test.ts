import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { aCase, COLUMNS, type DrawnCase } from "../../authz/cases.ts";
import * as reference from "../../authz/reference.ts";
import { draws } from "../../support/draws.ts";
import { type Answer, aWorld, type NewGrant, uniqueName, type World } from "../../support/world.ts";

const { database } = await aWorld();
afterAll(() => database.close());

/** Every method that the test calls; what is at stake here are data rights. */
const METHODS = "dataset::get dataset::find row::get row::create row::update row::delete".split(
  " ",
);

/** A tenant with one dataset, and a caller that holds what was drawn. */
interface Stage {
  readonly world: World;
  readonly dataset: Awaited<ReturnType<World["dataset"]>>;
  /** Null: the public. */
  readonly key: string | null;
}

async function stage({ caller, dataset: { accessLevel } }: DrawnCase): Promise<Stage> {
  const world = await aWorld();
  const dataset = await world.dataset({
    columns: COLUMNS.map((name) => ({ name, type: "TEXT" })),
    rows: [1, 2].map((row) => Object.fromEntries(COLUMNS.map((name) => [name, `${name} ${row}`]))),
  });
  await world.ask(
    `mutation ($id: ID!, $level: AccessLevel) {
       updateDataset(input: {id: $id, accessLevel: $level}) { dataset { id } } }`,
    { variables: { id: dataset.id, level: accessLevel } },
  );
  const ids = await builtInRoles(world);
  const [only] = caller.roles;
  if (caller.isAnonymous && only) {
    await changeAnonymous(world, ids.get("anonymous") ?? "", { only, dataset });
    return { world, dataset, key: null };
  }
  const roles = await Promise.all(
    caller.roles.map(async ({ isAdministrator, grants, ...defaults }) =>
      isAdministrator
        ? (ids.get("administrator") ?? "")
        : await world.role({ ...defaults, permissions: METHODS, grants: of(dataset, grants) }),
    ),
  );
  // A key holds a role at least; this one gives nothing.
  const none = await world.role({ permissions: METHODS });
  const key = await world.key({ roles: [...roles, none], publishable: caller.isPublishable });
  return { world, dataset, key };
}

async function builtInRoles({ ask }: World): Promise<Map<string, string>> {
  const { roles } = await ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  return new Map(roles.nodes.map(({ name, id }) => [name, id]));
}

/** The public is given READ at most. */
async function changeAnonymous(
  { ask }: World,
  roleId: string,
  { only, dataset }: { only: reference.ReferenceRole; dataset: Stage["dataset"] },
) {
  await ask(
    `mutation ($id: ID!, $canRead: Boolean) {
       updateRole(input: {id: $id, canRead: $canRead}) { role { id } } }`,
    { variables: { id: roleId, canRead: only.canRead } },
  );
  for (const { read, ...grant } of of(dataset, only.grants)) {
    if (!read) continue;
    const { datasetId, columnId } = grant;
    await ask(`mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`, {
      variables: { input: { roleId, datasetId, ...(columnId && { columnId }), read } },
    });
  }
}

/** What was drawn for one role, as the API takes it; a grant that says nothing is none. */
function of(dataset: Stage["dataset"], grants: readonly reference.ReferenceGrant[]): NewGrant[] {
  return grants
    .filter(({ read, create, update, delete: remove }) => read ?? create ?? update ?? remove)
    .map(({ column, ...settings }) => {
      const said = Object.entries(settings).filter(([, setting]) => setting !== null);
      const place = column === null ? {} : { columnId: dataset.columns[column] ?? "" };
      return { datasetId: dataset.id, ...place, ...Object.fromEntries(said) };
    });
}

/** How the field of an alias ended: OK, or the code of the error at it or below it. */
function outcomeOf({ errors }: Answer, alias: string): string {
  const codes = errors.flatMap(({ path, extensions }) =>
    path?.includes(alias) ? [extensions.code ?? ""] : [],
  );
  return [...new Set(codes)].join(" ") || "OK";
}

/** The ways in which a document names a column, to read it. */
const READING: Readonly<Record<string, (column: string) => string>> = {
  filter: (column) => `rows(filter: {column: "${column}", eq: "x"}) { nodes { id } }`,
  order: (column) => `rows(orderBy: [{column: "${column}", direction: ASC}]) { nodes { id } }`,
  values: (column) => `rows(first: 1) { nodes { values(columns: ["${column}"]) } }`,
  cell: (column) => `rows(first: 1) { nodes { cell(column: "${column}") { value } } }`,
};

const ABOUT = `query ($id: ID!) {
  dataset(id: $id) {
    canRead canCreate canUpdate canDelete columns { name canRead canCreate canUpdate }
  }
  datasets { totalCount nodes { id } }
}`;
const ROWS = `query ($id: ID!) {
  dataset(id: $id) { rowCount rows { totalCount nodes { values hiddenColumns } } }
}`;

/** What the API answers about everything in a case. */
async function answered({ world, dataset: { id, rows }, key }: Stage) {
  const ask = async (query: string) =>
    await world.run(query, {
      key,
      variables: { id, row: rows[1] },
      headers: key === null ? { "x-fieldgate-tenant": world.slug } : {},
    });
  const about = await ask(ABOUT);
  const seen = shown(await ask(ROWS));
  const named = COLUMNS.flatMap((column) =>
    Object.entries(READING).map(([way, part]) => `${way}_${column}: ${part(column)}`),
  );
  const read = await ask(`query ($id: ID!) { dataset(id: $id) { ${named.join(" ")} } }`);
  const set = COLUMNS.map(
    (column) => `
      created_${column}: createRows(input: {datasetId: $id, rows: [{${column}: "new"}]}) { count }
      changed_${column}: updateRows(
        input: {datasetId: $id, rows: [{id: $row, values: {${column}: "changed"}}]}) { count }`,
  );
  const written = await ask(
    `mutation ($id: ID!, $row: ID!) { ${set.join(" ")}
       deleted: deleteRows(input: {datasetId: $id, rows: [{id: $row}]}) { count } }`,
  );
  return {
    about: about.data,
    rows: seen,
    columns: COLUMNS.map((column) => ({
      filter: outcomeOf(read, `filter_${column}`),
      order: outcomeOf(read, `order_${column}`),
      values: outcomeOf(read, `values_${column}`),
      cell: outcomeOf(read, `cell_${column}`),
      created: outcomeOf(written, `created_${column}`),
      changed: outcomeOf(written, `changed_${column}`),
    })),
    deleted: outcomeOf(written, "deleted"),
  };
}

function shown({ data, errors }: Answer) {
  interface Shown {
    dataset: {
      rowCount: number | null;
      rows: { totalCount: number; nodes: object[] } | null;
    } | null;
  }
  const dataset = (data as unknown as Shown | null)?.dataset;
  return {
    codes: [...new Set(errors.map(({ extensions }) => extensions.code))],
    count: dataset?.rowCount ?? null,
    first: dataset?.rows?.nodes[0] ?? null,
  };
}

/** The same, as the contract has it. */
function expected({ caller, dataset: drawn }: DrawnCase, { dataset, key }: Stage) {
  const guarded = { ...drawn, columns: COLUMNS };
  const may = (action: reference.ReferenceAction, column: string) =>
    reference.mayOnColumn(caller, guarded, action, column);
  const some = (action: reference.ReferenceAction) =>
    reference.maySomewhere(caller, guarded, action);
  const isKnown = reference.knowsDataset(caller, guarded);
  const sees = reference.seesRows(caller, guarded);
  const known = COLUMNS.filter((column) => reference.knowsColumn(caller, guarded, column));
  const readable = COLUMNS.filter((column) => may("READ", column));
  const mayCall = key !== null && !caller.isPublishable;
  const read = (column: string, otherwise: string) => {
    if (!isKnown) return "OK";
    if (!some("READ")) return "FORBIDDEN";
    return readable.includes(column as never) ? "OK" : otherwise;
  };
  return {
    about: {
      dataset: isKnown
        ? {
            canRead: some("READ"),
            canCreate: some("CREATE"),
            canUpdate: some("UPDATE"),
            canDelete: some("DELETE"),
            columns: known.map((name) => ({
              name,
              canRead: may("READ", name),
              canCreate: may("CREATE", name),
              canUpdate: may("UPDATE", name),
            })),
          }
        : null,
      datasets: { totalCount: isKnown ? 1 : 0, nodes: isKnown ? [{ id: dataset.id }] : [] },
    },
    rows: {
      codes: isKnown && !some("READ") ? ["FORBIDDEN"] : [],
      count: isKnown && some("READ") ? (sees ? 2 : 0) : null,
      first: sees
        ? {
            values: Object.fromEntries(readable.map((name) => [name, `${name} 1`])),
            hiddenColumns: known.filter((name) => !readable.includes(name)),
          }
        : null,
    },
    columns: COLUMNS.map((column) => {
      const isFieldKnown = known.includes(column);
      return {
        filter: read(column, "BAD_USER_INPUT"),
        order: read(column, "BAD_USER_INPUT"),
        values: read(column, sees ? "BAD_USER_INPUT" : "OK"),
        cell: read(column, sees && !isFieldKnown ? "BAD_USER_INPUT" : "OK"),
        created: created(column, isFieldKnown),
        changed: changed(column, isFieldKnown),
      };
    }),
    deleted: deleted(),
  };

  function created(column: string, isFieldKnown: boolean): string {
    if (!mayCall) return "FORBIDDEN";
    if (!isKnown) return "NOT_FOUND";
    if (!reference.mayOnDataset(caller, guarded, "CREATE")) return "FORBIDDEN";
    if (!isFieldKnown) return "BAD_USER_INPUT";
    return reference.maySetInNewRow(caller, guarded, column) ? "OK" : "FORBIDDEN";
  }

  function changed(column: string, isFieldKnown: boolean): string {
    if (!mayCall) return "FORBIDDEN";
    if (!isKnown) return "NOT_FOUND";
    if (!some("UPDATE")) return "FORBIDDEN";
    if (!isFieldKnown) return "BAD_USER_INPUT";
    if (!may("UPDATE", column)) return "FORBIDDEN";
    return sees ? "OK" : "NOT_FOUND";
  }

  function deleted(): string {
    if (!mayCall) return "FORBIDDEN";
    if (!isKnown) return "NOT_FOUND";
    if (!reference.mayOnDataset(caller, guarded, "DELETE")) return "FORBIDDEN";
    return sees ? "OK" : "NOT_FOUND";
  }
}

const NOBODY: reference.ReferenceRole = {
  isAdministrator: false,
  permissions: [],
  canRead: false,
  canCreate: false,
  canUpdate: false,
  canDelete: false,
  grants: [],
};

/** CREATE on the dataset by one role and on a column by another, which chance draws too seldom. */
const SPLIT: DrawnCase = {
  caller: {
    isAnonymous: false,
    isPublishable: false,
    roles: [
      { ...NOBODY, canRead: true, canCreate: true, grants: [createOf("first", "WITHHOLD")] },
      { ...NOBODY, grants: [createOf("first", "ALLOW")] },
    ],
  },
  dataset: { accessLevel: "PRIVATE", columns: COLUMNS },
};

function createOf(column: string, create: "ALLOW" | "WITHHOLD"): reference.ReferenceGrant {
  return { column, read: null, create, update: null, delete: null };
}

test("whatever roles hold, the API answers as the contract says", async () => {
  await fc.assert(
    fc.asyncProperty(aCase, async (drawn) => {
      const set = await stage(drawn);
      expect(await answered(set)).toStrictEqual(expected(drawn, set));
    }),
    { numRuns: draws(30), endOnFailure: true, examples: [[SPLIT]] },
  );
});

test("a role that names no dataset by grants is not asked about one of another name", async () => {
  const world = await aWorld();
  const [one, two] = [
    await world.dataset({ name: uniqueName("one"), columns: [{ name: "a", type: "TEXT" }] }),
    await world.dataset({ name: uniqueName("two"), columns: [{ name: "a", type: "TEXT" }] }),
  ];
  const key = await world.key({
    roles: [
      { permissions: METHODS, grants: [{ datasetId: one.id, read: "ALLOW" }] },
      { permissions: METHODS, grants: [{ datasetId: two.id, read: "WITHHOLD" }] },
    ],
  });
  const { datasets } = await world.ask<{ datasets: { nodes: { id: string }[] } }>(
    "{ datasets { nodes { id } } }",
    { key },
  );
  expect(datasets.nodes).toStrictEqual([{ id: one.id }]);
});
