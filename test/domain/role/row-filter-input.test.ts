import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { aWorld, type Answer, type World } from "../../support/world.ts";

type Dataset = Awaited<ReturnType<World["dataset"]>>;

let world: World;
let other: World;
let things: Dataset;
let roleId: string;
let reader: string;
let before: unknown;

const NAMES = {
  text: "TEXT",
  choice: "SELECT",
  integer: "INTEGER",
  decimal: "DECIMAL",
  truth: "BOOLEAN",
  day: "DATE",
  moment: "DATETIME",
  data: "JSON",
} as const;

const METHODS = ["grant::set", "role::get", "dataset::get", "row::get"];

const ROW = {
  text: "a",
  choice: "one",
  integer: 1,
  decimal: "1.50",
  truth: true,
  day: "2024-02-29",
  moment: "2024-02-29T12:00:00Z",
  data: { a: 1 },
};

beforeAll(async () => {
  [world, other] = [await aWorld(), await aWorld()];
  const typed = Object.entries(NAMES).map(([name, type]) => ({
    name,
    type,
    ...(type === "SELECT" && { options: ["one", "two"] }),
  }));
  const others = ["unread", "unknown", "gone"].map((name) => ({ name, type: "TEXT" }));
  things = await world.dataset({ columns: [...typed, ...others], rows: [ROW, {}] });
  await world.ask(
    `mutation ($id: ID!) { removeColumn(input: {id: $id}) { dataset { version } } }`,
    { variables: { id: things.columns["gone"] } },
  );
  roleId = await world.role({ permissions: METHODS });
  const datasetId = things.id;
  const withheld = { read: "WITHHOLD", update: "WITHHOLD", create: "WITHHOLD" } as const;
  reader = await world.key({
    roles: [
      {
        permissions: METHODS,
        grants: [
          { datasetId, read: "ALLOW", update: "ALLOW" },
          { datasetId, columnId: things.columns["unread"] ?? "", read: "WITHHOLD" },
          { datasetId, columnId: things.columns["unknown"] ?? "", ...withheld },
        ],
      },
    ],
  });
});
afterAll(() => world.database.close());

/** All that decides who may do what in the tenant. */
async function policies() {
  const { pool } = world.database;
  const of = (table: string) =>
    `SELECT * FROM ${table} WHERE tenant_id = '${world.tenantId}' ORDER BY id`;
  const version = `SELECT rights_version FROM tenant WHERE id = '${world.tenantId}'`;
  const found = await Promise.all(
    [version, of("role"), of("role_grant")].map((text) => pool.query<object>(text)),
  );
  return found.map(({ rows }) => rows);
}

const SET = `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`;

async function set(input: object, key = world.admin): Promise<Answer> {
  const variables = { input: { roleId, datasetId: things.id, read: "ALLOW", ...input } };
  return await world.run(SET, { key, variables });
}

const filtered = async (read: unknown, key?: string) => await set({ rowFilter: { read } }, key);

/** Asks for all of them in one document, each a mutation of its own; every one is to be refused. */
async function expectAllRefused(filters: readonly unknown[], key = world.admin): Promise<void> {
  const names = filters.map((_filter, place) => `input${place}`);
  const document = `mutation (${names.map((name) => `$${name}: SetGrantInput!`).join(", ")}) {
    ${names.map((name) => `${name}: setGrant(input: $${name}) { grant { id } }`).join("\n")} }`;
  const inputs = filters.map((read, place) => [
    names[place],
    { roleId, datasetId: things.id, read: "ALLOW", rowFilter: { read } },
  ]);
  const variables = Object.fromEntries(inputs) as Record<string, unknown>;
  const { errors } = await world.run(document, { key, variables });
  const refused = errors.map(({ extensions, message }) => [
    extensions.code,
    message.length < 1_000,
  ]);
  expect(refused).toStrictEqual(filters.map(() => ["BAD_USER_INPUT", true]));
}

/** An answer that says what is wrong, in few words. */
function expectRefused({ errors, text }: Answer, code = "BAD_USER_INPUT"): void {
  expect([errors.length, errors[0]?.extensions.code]).toStrictEqual([1, code]);
  expect(text.length).toBeLessThan(2_000);
}

/** Nobody may do more than before, or less, and the API answers on. */
async function expectUnchanged(): Promise<void> {
  expect(await policies()).toStrictEqual(before);
  const { dataset } = await world.ask<{ dataset: { rowCount: number } }>(
    "query ($id: ID!) { dataset(id: $id) { rowCount } }",
    { variables: { id: things.id } },
  );
  expect(dataset.rowCount).toBe(2);
}

const isDated = (operand: unknown) => typeof operand === "string" && /^(20|00)/.test(operand);

/** A value as a document writes it. */
const literal = (filter: object) =>
  JSON.stringify(filter).replaceAll(/"(\w+)":/g, (_all, name: string) => `${name}:`);

describe("a filter that cannot be is refused, and nothing changes:", () => {
  beforeEach(async () => {
    before = await policies();
  });
  afterEach(expectUnchanged);

  const UNKNOWN = [
    "nonsense",
    "gone",
    "",
    " text",
    "TEXT",
    "t\u0435xt",
    "text\u0000",
    "x".repeat(10_000),
  ];
  const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "then"];

  test.each([...UNKNOWN, ...INHERITED])("a column that there is none of, %j", async (column) => {
    const filters = [{ column, eq: "a" }, { not: { or: [{ column, isNull: true }] } }];
    for (const key of [world.admin, reader]) await expectAllRefused(filters, key);
  });

  test.each(["unread", "unknown"])(
    "a column that the caller may not read, %s, in the words for one that never was",
    async (column) => {
      const told = async (name: string) =>
        (await filtered({ column: name, eq: "a" }, reader)).text.replaceAll(name, "…");
      expect(await told(column)).toBe(await told("qqqqqqqq"));
      expectRefused(await filtered({ column, eq: "a" }, reader));
      const written = { column, isNull: false };
      expectRefused(await set({ rowFilter: { update: written } }, reader));
      expectRefused(await set({ rowFilter: { create: { and: [written] } } }, reader));
      expectRefused(await set({ rowFilter: { delete: written } }, reader));
    },
  );

  const OPERANDS: readonly unknown[] = [
    "x",
    "",
    "one",
    "\u0000",
    "\ud800",
    1,
    -0.5,
    1e308,
    2 ** 63,
    "9223372036854775808",
    "1e999999999",
    "NaN",
    true,
    "true",
    "2024-02-30",
    "0000-01-01",
    "2024-02-29T12:00:00",
    "2024-02-29T25:00:00Z",
    "infinity",
    {},
    { variable: "user.id" },
    [],
    ["a"],
    null,
  ];
  const FITTING: Readonly<Record<string, readonly unknown[]>> = {
    text: ["x", "", "one", "9223372036854775808", "1e999999999", "NaN", "true", "infinity"],
    integer: [1],
    decimal: [1, -0.5, "9223372036854775808", 2 ** 63],
    truth: [true],
    day: [],
    moment: [],
    data: [],
  };
  const fits = (column: string, operand: unknown) =>
    (FITTING[column === "choice" ? "text" : column] ?? []).includes(operand) ||
    (["text", "choice"].includes(column) && isDated(operand));

  test.each(Object.keys(NAMES))("a value of another type than that of %s", async (column) => {
    const wrong = OPERANDS.filter((operand) => !fits(column, operand));
    expect(wrong.length).toBeGreaterThan(9);
    await expectAllRefused(wrong.map((operand) => ({ column, eq: operand })));
    const listed = wrong.filter((operand) => operand !== null);
    await expectAllRefused(listed.map((operand) => ({ column, in: [operand] })));
    await expectAllRefused([
      { column, in: null },
      { column, isNull: null },
    ]);
  });

  test.each(Object.entries(NAMES).filter(([, type]) => type !== "TEXT" && type !== "SELECT"))(
    "a part of a text where cells are none, in %s",
    async (column) => {
      const operators = ["contains", "startsWith", "endsWith"];
      await expectAllRefused(operators.map((operator) => ({ column, [operator]: "1" })));
    },
  );

  const FORMS: readonly unknown[] = [
    {},
    { column: "text" },
    { eq: "a" },
    { column: "text", eq: "a", ne: "b" },
    { column: "text", eq: "a", and: [] },
    { and: [], or: [] },
    { and: null },
    { not: null },
    { not: {} },
    { or: [{}] },
    { column: null, eq: "a" },
    { column: "text", contains: null },
  ];

  test("what has not the form of one", async () => {
    await expectAllRefused(FORMS);
  });

  const VARIABLES = [
    "$",
    "$user",
    "$user.",
    "$user.ID",
    "$user.id.x",
    "$user.__proto__",
    "$user.9",
    `$user.${"a".repeat(64)}`,
    "$client",
    "$client.name",
    "$Now",
    "$now ",
    "$__proto__",
    "$constructor",
    "$toString",
    "$user.\u0456d",
    "$tenant.id",
    `$${"x".repeat(10_000)}`,
  ];

  test.each(VARIABLES)("a variable that there is none of, %s", async (variable) => {
    await expectAllRefused([
      { column: "text", eq: variable },
      { column: "text", in: ["a", variable] },
      { not: { column: "text", contains: variable } },
    ]);
  });

  test("a variable beside a column whose cells it never is", async () => {
    const wrong = Object.keys(NAMES).flatMap((column) => {
      const isText = ["text", "choice"].includes(column);
      const isTime = ["day", "moment"].includes(column);
      return [
        ...(isText ? [] : ["$user.id", "$user.email", "$client.id"]),
        ...(isTime ? [] : ["$now"]),
      ].map((variable) => ({ column, eq: variable }));
    });
    await expectAllRefused([...wrong, { column: "data", eq: "$user.city" }]);
  });

  test("one on a grant that is on a column, on a role that takes none, or for the public to write", async () => {
    const read = { column: "text", eq: "a" };
    expectRefused(await set({ columnId: things.columns["text"], rowFilter: { read } }));
    expectRefused(await set({ columnId: things.columns["text"], rowFilter: { delete: read } }));
    const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
      "{ roles { nodes { id name } } }",
    );
    const idOf = (name: string) => roles.nodes.find((role) => role.name === name)?.id;
    expectRefused(await set({ roleId: idOf("administrator"), rowFilter: { read } }));
    expectRefused(await set({ roleId: idOf("anonymous"), rowFilter: { update: read } }));
  });

  test("one on what is another tenant's", async () => {
    const theirs = await other.dataset({ columns: [{ name: "text", type: "TEXT" }] });
    const rowFilter = { read: { column: "text", eq: "a" } };
    expectRefused(await set({ datasetId: theirs.id, rowFilter }), "NOT_FOUND");
    expectRefused(await set({ roleId: await other.role({}), rowFilter }), "NOT_FOUND");
    const columnId = theirs.columns["text"];
    expectRefused(await set({ columnId, rowFilter }), "NOT_FOUND");
  });

  const LEAF = { column: "text", eq: "a" };
  const leaves = (count: number) => Array.from({ length: count }, () => LEAF);
  const nested = (depth: number): object =>
    depth === 0 ? LEAF : { [depth % 2 === 0 ? "and" : "or"]: [nested(depth - 1)] };
  const nots = (depth: number): object => (depth === 0 ? LEAF : { not: nots(depth - 1) });

  test("one that is too large, by its own limits", async () => {
    expectRefused(await filtered({ and: leaves(10_000) }));
    expectRefused(await filtered({ or: leaves(50) }));
    expectRefused(await filtered(nested(11)));
    expectRefused(await filtered(nested(40)));
    expectRefused(await filtered(nots(90)));
    const operands = Array.from({ length: 10_000 }, (_none, index) => `value ${index}`);
    expectRefused(await filtered({ column: "text", in: operands }));
    expectRefused(await filtered({ column: "text", in: ["a".repeat(60_000), "b".repeat(60_000)] }));
    expectRefused(await filtered({ column: "text", eq: "a".repeat(70_000) }));
  });

  test("one that is too large for any request, in a variable and in the document", async () => {
    expectRefused(await filtered(nested(1_000)), "LIMIT_EXCEEDED");
    expectRefused(await filtered(nots(1_000)), "LIMIT_EXCEEDED");
    expectRefused(await filtered({ and: leaves(10_001) }), "LIMIT_EXCEEDED");
    for (const filter of [nested(1_000), nots(1_000), { and: leaves(10_000) }]) {
      const document = `mutation { setGrant(input: {roleId: "${roleId}", datasetId: "${things.id}",
        rowFilter: {read: ${literal(filter)}}}) { grant { id } } }`;
      expectRefused(await world.run(document), "LIMIT_EXCEEDED");
    }
  });
});

describe("a filter that no row can meet is taken, and lets none through:", () => {
  const ABSURD: readonly object[] = [
    { or: [] },
    { not: { and: [] } },
    { column: "text", in: [] },
    {
      and: [
        { column: "text", eq: "a" },
        { column: "text", eq: "b" },
      ],
    },
    {
      and: [
        { column: "text", isNull: true },
        { column: "text", isNull: false },
      ],
    },
    {
      not: {
        or: [
          { column: "text", isNull: true },
          { column: "text", isNull: false },
        ],
      },
    },
    {
      and: [
        { column: "integer", gt: 5 },
        { column: "integer", lt: 5 },
      ],
    },
    { column: "integer", gt: "9223372036854775807" },
    { column: "day", lt: "0001-01-01" },
    { column: "moment", gt: "9999-12-31T23:59:59.999Z" },
    { column: "moment", gt: "$now" },
    { column: "decimal", lt: `-${"9".repeat(100)}.${"9".repeat(100)}` },
    { column: "text", contains: "x".repeat(10_000) },
    { column: "text", eq: "$$now" },
    { not: { column: "text", ne: "\u{10ffff}" } },
    { not: { not: { column: "choice", eq: "none of the options" } } },
  ];

  test.each(ABSURD)("%j", async (filter) => {
    expect((await filtered(filter)).errors).toStrictEqual([]);
    const key = await world.key({ roles: [roleId] });
    const { dataset } = await world.ask<{ dataset: object }>(
      "query ($id: ID!) { dataset(id: $id) { rowCount rows { totalCount nodes { id } } } }",
      { key, variables: { id: things.id } },
    );
    expect(dataset).toStrictEqual({ rowCount: 0, rows: { totalCount: 0, nodes: [] } });
    const { role } = await world.ask<{ role: { grants: { rowFilter: { read: unknown } }[] } }>(
      "query ($id: ID!) { role(id: $id) { grants { rowFilter { read } } } }",
      { variables: { id: roleId } },
    );
    const again = role.grants[0]?.rowFilter.read;
    expect((await filtered(again)).errors).toStrictEqual([]);
  });

  test("and one that every row meets by its form is none", async () => {
    for (const filter of [
      { and: [] },
      { or: [{ and: [] }] },
      { and: [{ and: [] }, { and: [] }] },
    ]) {
      expect((await filtered(filter)).errors).toStrictEqual([]);
      const { role } = await world.ask<{ role: { grants: { rowFilter: unknown }[] } }>(
        "query ($id: ID!) { role(id: $id) { grants { rowFilter { read } } } }",
        { variables: { id: roleId } },
      );
      expect(role.grants[0]?.rowFilter).toBeNull();
    }
  });
});
