import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aWorld, type NewRole, uniqueName, type World } from "../../support/world.ts";

/** Names that every object answers to, unless it was made to have no prototype. */
const INHERITED = [
  ...Object.getOwnPropertyNames(Object.prototype),
  "prototype",
  "then",
  "toJSON",
  "length",
];

let world: World;

beforeAll(async () => {
  world = await aWorld();
});
afterAll(() => world.database.close());

const METHODS = "dataset::get dataset::find row::get row::create row::update row::delete".split(
  " ",
);

/** A dataset with a column that the caller reads, one that it knows and one that it does not know. */
async function aDataset(columns: readonly string[] = []) {
  const names = ["shown", "known", "hidden", ...columns];
  const dataset = await world.dataset({
    columns: names.map((name) => ({ name, type: "TEXT" })),
    rows: [Object.fromEntries(names.map((name) => [name, `${name} value`]))],
  });
  const none = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" } as const;
  const role: NewRole = {
    permissions: METHODS,
    grants: [
      { datasetId: dataset.id, read: "ALLOW", create: "ALLOW", update: "ALLOW" },
      { datasetId: dataset.id, columnId: dataset.columns["hidden"] ?? "", ...none },
      { datasetId: dataset.id, columnId: dataset.columns["known"] ?? "", read: "WITHHOLD" },
    ],
  };
  return { ...dataset, key: await world.key({ roles: [role] }) };
}

type Made = Awaited<ReturnType<typeof aDataset>>;

const reading = (selection: string) =>
  `query ($id: ID!, $column: String!) { dataset(id: $id) { ${selection} } }`;

/** The ways in which a document names a column. */
const WAYS: Readonly<Record<string, (made: Made, column: string) => [string, object]>> = {
  filter: ({ id }, column) => [
    reading(`rows(filter: {column: $column, eq: "x"}) { totalCount }`),
    { id, column },
  ],
  "filter below not": ({ id }, column) => [
    reading(`rows(filter: {not: {or: [{column: $column, isNull: true}]}}) { totalCount }`),
    { id, column },
  ],
  order: ({ id }, column) => [
    reading(`rows(orderBy: [{column: $column, direction: ASC}]) { totalCount }`),
    { id, column },
  ],
  values: ({ id }, column) => [
    reading(`rows { nodes { values(columns: [$column]) } }`),
    { id, column },
  ],
  cell: ({ id }, column) => [
    reading(`rows { nodes { cell(column: $column) { value } } }`),
    { id, column },
  ],
  createRows: ({ id }, column) => [
    `mutation ($id: ID!, $values: JSON!) { createRows(input: {datasetId: $id, rows: [$values]}) { count } }`,
    { id, values: JSON.parse(`{"shown": "a", ${JSON.stringify(column)}: "x"}`) as object },
  ],
  updateRows: ({ id, rows: [row] }, column) => [
    `mutation ($id: ID!, $row: ID!, $values: JSON!) {
       updateRows(input: {datasetId: $id, rows: [{id: $row, values: $values}]}) { count } }`,
    { id, row, values: JSON.parse(`{${JSON.stringify(column)}: "x"}`) as object },
  ],
};

describe.each(Object.keys(WAYS))("a column named in %s", (way) => {
  const ask = async (made: Made, column: string) => {
    const [query, variables] = WAYS[way]?.(made, column) ?? ["", {}];
    const { text } = await world.run(query, {
      key: made.key,
      variables: variables as Record<string, unknown>,
    });
    return text.replaceAll(JSON.stringify(column).slice(1, -1), "…").replaceAll('\\"…\\"', "…");
  };

  test("that the caller does not know is answered like one that there is not", async () => {
    const made = await aDataset();
    const never = await ask(made, "never");
    expect(never).toMatch(/BAD_USER_INPUT/);
    expect(await ask(made, "hidden")).toBe(never);
  });

  test("that every object has by nature is answered like one that there is not", async () => {
    const made = await aDataset();
    const never = await ask(made, "never");
    const answers = await Promise.all(INHERITED.map((name) => ask(made, name)));
    expect([...new Set(answers)]).toStrictEqual([never]);
  });
});

test("what the caller knows and may not read is read by none of the ways", async () => {
  const made = await aDataset();
  for (const way of ["filter", "filter below not", "order", "values", "cell"]) {
    const [query, variables] = WAYS[way]?.(made, "known") ?? ["", {}];
    const answer = await world.run(query, {
      key: made.key,
      variables: variables as Record<string, unknown>,
    });
    const cells = [{ cell: null }];
    expect(
      answer.errors.length === 1 || JSON.stringify(answer.data).includes(JSON.stringify(cells)),
    ).toBe(true);
    expect(answer.text).not.toContain("known value");
  }
});

describe("a name that every object has by nature", () => {
  test("is a column like any other where its form allows it", async () => {
    const made = await aDataset(["constructor"]);
    const { dataset } = await world.ask<{ dataset: { rows: { nodes: { values: object }[] } } }>(
      `query ($id: ID!) { dataset(id: $id) { rows(filter: {column: "constructor", contains: "constructor"},
         orderBy: [{column: "constructor", direction: DESC}]) { nodes { values
           cell(column: "constructor") { value } } } } }`,
      { key: made.key, variables: { id: made.id } },
    );
    expect(dataset.rows.nodes).toMatchObject([
      { values: { constructor: "constructor value" }, cell: { value: "constructor value" } },
    ]);
  });

  test("names a role and a dataset like any other, and gives nothing by itself", async () => {
    const tenant = await aWorld();
    await tenant.dataset({ name: "constructor", columns: [{ name: "a", type: "TEXT" }] });
    const key = await tenant.key({
      roles: [{ name: "constructor", permissions: ["dataset::find", "dataset::get"] }],
    });
    const query = `{ datasets { totalCount } dataset(name: "constructor") { id } }`;
    const answer = await tenant.ask(query, {
      key,
      headers: { "x-fieldgate-roles": "constructor" },
    });
    expect(answer).toStrictEqual({ datasets: { totalCount: 0 }, dataset: null });
  });

  test.each(INHERITED)("%s is no role to narrow to, no dataset, no permission", async (name) => {
    const narrowed = await world.run("{ viewer { roles } }", {
      headers: { "x-fieldgate-roles": name },
    });
    expect(narrowed.errors[0]?.extensions.code).toBe("FORBIDDEN");
    const { dataset, checkAccess } = await world.ask<{ dataset: null; checkAccess: object }>(
      `query ($name: String!) { dataset(name: $name) { id }
         checkAccess(permission: $name) { hasAccess } }`,
      { variables: { name } },
    );
    expect([dataset, checkAccess]).toStrictEqual([null, { hasAccess: false }]);
    for (const permission of [name, `${name}::get`, `row::${name}`]) {
      const { errors } = await world.run(
        `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
        { variables: { input: { name: uniqueName("role"), permissions: [permission] } } },
      );
      expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    }
  });

  test("as a custom permission lets nobody do anything", async () => {
    const permissions = ["tostring", "constructor", "valueof", "then"].map((n) => `custom::${n}`);
    const key = await world.key({ roles: [{ permissions }] });
    for (const query of [
      "{ viewer { kind } }",
      "{ datasets { totalCount } }",
      "{ tenant { id } }",
    ]) {
      const { errors } = await world.run(query, { key });
      expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    }
  });

  test("is kept inside a JSON cell, and changes no object", async () => {
    const dataset = await world.dataset({ columns: [{ name: "data", type: "JSON" }] });
    const text = `{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}`;
    const { createRows } = await world.ask<{ createRows: { rows: { values: object }[] } }>(
      `mutation ($id: ID!, $data: JSON) {
         createRows(input: {datasetId: $id, rows: [{data: $data}]}) { rows { values } } }`,
      { variables: { id: dataset.id, data: JSON.parse(text) as unknown } },
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(JSON.stringify(createRows.rows[0]?.values)).toContain(`"__proto__":{"polluted":1}`);
  });
});
