import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type NewGrant, type World } from "../../support/world.ts";

const METHODS = "dataset::get dataset::find row::get row::update".split(" ");

const COLUMNS = [
  { name: "text", type: "TEXT" },
  { name: "choice", type: "SELECT", options: ["one", "t\"w'o", "3"] },
  { name: "whole", type: "INTEGER" },
  { name: "exact", type: "DECIMAL" },
  { name: "truth", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "moment", type: "DATETIME" },
  { name: "any", type: "JSON" },
  { name: "absent", type: "TEXT", whenDenied: "ABSENT" },
  { name: "empty", type: "TEXT", whenDenied: "NULL" },
  { name: "error", type: "TEXT", whenDenied: "ERROR" },
];

const ROWS = [
  {
    text: "plain",
    choice: "one",
    whole: 0,
    exact: "0",
    truth: true,
    day: "2026-11-25",
    moment: "2026-11-25T01:02:03.004Z",
    any: { b: [1, "x", null], a: {} },
    absent: "a",
    empty: "b",
    error: "c",
  },
  {
    text: '"quoted" \\ \u0001\t\r\n ,\n" \u2028 😀 é',
    choice: "t\"w'o",
    whole: "9223372036854775807",
    exact: "-99999999999999999999.123456789012345678901234567890",
    truth: false,
    day: "0001-01-01",
    moment: "0001-01-01T00:00:00Z",
    any: '"',
    absent: "",
    empty: '\\"',
    error: null,
  },
  { whole: "-9223372036854775808", exact: "1.50", day: "9999-12-31", any: [] },
  { whole: 9_007_199_254_740_991, exact: "1e-7", moment: "9999-12-31T23:59:59.999Z", any: 1.5 },
  { whole: "-9007199254740992", exact: "12345678901234567890123", text: "", any: false },
  {},
];

const CELLS = COLUMNS.filter(({ name }) => name !== "error")
  .map(({ name }) => `c_${name}: cell(column: "${name}") { __typename value text number boolean }`)
  .join(" ");

const SELECTIONS = {
  values: "values",
  "some values, in another order and twice": `some: values(columns: ["day", "text", "day"]) none: values(columns: [])`,
  "what stands beside the cells":
    "__typename kind: __typename id version createdAt createdBy updatedAt updatedBy",
  "each cell of each type": CELLS,
  "hidden columns": "hiddenColumns id",
  fragments: `...on Row { a: id ...on Node { b: id } } ...F
    version @skip(if: $yes) updatedAt @include(if: $yes) values @include(if: $no)`,
} as const;

const DOCUMENT = (selection: string, more: string, args: string) => `
  query ($id: ID!, $yes: Boolean = true, $no: Boolean = false) {
    dataset(id: $id) { page: rows${args} { list: nodes { ${selection} ${more} } } }
    __typename @include(if: $no) @skip(if: $yes)
  }
  ${selection.includes("...F") ? "fragment F on Row { f: version }" : ""}`;

let world: World;
let stored: Awaited<ReturnType<World["dataset"]>>;
const keys = new Map<string, string>();

type Grants = readonly Omit<NewGrant, "datasetId">[];

async function keyOf(...roles: readonly Grants[]): Promise<string> {
  const datasetId = stored.id;
  return await world.key({
    roles: roles.map((grants) => ({
      permissions: METHODS,
      grants: grants.map((grant) => ({ datasetId, ...grant })),
    })),
  });
}

beforeAll(async () => {
  world = await aWorld();
  stored = await world.dataset({ columns: COLUMNS, rows: ROWS });
  const column = (name: string) => stored.columns[name] ?? "";
  const names = [...COLUMNS.keys()].map((index) => COLUMNS[index]?.name ?? "");
  const withheld = ["text", "absent", "empty"].map(
    (name) => ({ columnId: column(name), read: "WITHHOLD", update: "ALLOW" }) as const,
  );
  const halves = [names.slice(0, 6), names.slice(5)].map((half) =>
    half.map((name) => ({ columnId: column(name), read: "ALLOW" }) as const),
  );
  const filters = [
    { column: "whole", ge: 0 },
    { column: "whole", lt: 9 },
  ];
  keys.set("the administrator", world.admin);
  keys.set("a key without some columns", await keyOf([{ read: "ALLOW" }, ...withheld]));
  keys.set(
    "a key that reads one column",
    await keyOf([{ columnId: column("day"), read: "ALLOW" }]),
  );
  keys.set(
    "a key that reads other columns in other rows",
    await keyOf(
      ...halves.map((half, index) => [
        ...half,
        { rowFilter: { read: filters[index] ?? {} } },
        { columnId: column("empty"), update: "ALLOW" as const },
        { columnId: column("absent"), update: "ALLOW" as const },
      ]),
    ),
  );
});

interface Shown {
  readonly dataset: { readonly page: { readonly list: readonly Record<string, unknown>[] } };
}

/** What a document answers as it was sent, and where it is read through the resolvers, without what makes it so. */
async function bothWays(key: string, selection: string, args = "") {
  const variables = { id: stored.id };
  const [fast, slow] = await Promise.all(
    ["", "dataset { id }"].map((more) =>
      world.run<Shown>(DOCUMENT(selection, more, args), { key, variables }),
    ),
  );
  const resolved = slow?.data?.dataset.page.list.map(({ dataset: _dataset, ...row }) => row);
  return { fast, list: fast?.data?.dataset.page.list, resolved, errors: slow?.errors };
}

const WHO = [
  "the administrator",
  "a key without some columns",
  "a key that reads one column",
  "a key that reads other columns in other rows",
];

describe.each(WHO)("rows that the database writes as JSON, for %s,", (who) => {
  test.each(Object.entries(SELECTIONS))(
    "are those of the resolvers: %s",
    async (_what, selection) => {
      const both = await bothWays(keys.get(who) ?? "", selection);
      expect(both.list?.length).toBeGreaterThan(0);
      expect(both.list).toEqual(both.resolved);
      expect(both.fast?.errors.map(({ message }) => message)).toEqual(
        both.errors?.map(({ message }) => message),
      );
    },
  );

  test("hold their members in the same order", async () => {
    const { list, resolved } = await bothWays(keys.get(who) ?? "", "id values hiddenColumns");
    expect(list?.map((row) => JSON.stringify(row))).toEqual(
      resolved?.map((row) => JSON.stringify(row)),
    );
    expect(list?.length).toBeGreaterThan(0);
  });
});

test("the cells of every type come as they were written", async () => {
  const { list } = await bothWays(world.admin, "values");
  expect(list?.[1]?.["values"]).toMatchObject({
    ...ROWS[1],
    moment: "0001-01-01T00:00:00.000Z",
  });
});

test("a cell that is an error to ask for is one at its place, beside those that are not", async () => {
  const key = keys.get("a key that reads other columns in other rows") ?? "";
  const { fast, errors } = await bothWays(key, `cell(column: "error") { value }`);
  expect(fast?.errors).not.toHaveLength(0);
  expect(fast?.errors.map(({ path }) => path)).toEqual(errors?.map(({ path }) => path));
});

test("a column that is not known is an error in the same words", async () => {
  const key = keys.get("a key that reads one column") ?? "";
  const { fast, errors } = await bothWays(key, `values(columns: ["day", "text"])`);
  expect(fast?.errors[0]?.message).toContain("No column");
  expect(fast?.errors.map(({ message }) => message)).toEqual(errors?.map(({ message }) => message));
});

describe("pages", () => {
  interface Paged {
    readonly dataset: {
      readonly rows: {
        readonly nodes: readonly { readonly id: string }[];
        readonly edges: readonly { readonly cursor: string }[];
        readonly pageInfo: Readonly<Record<string, unknown>>;
      };
    };
  }

  /** The same page, asked for as nodes and as edges. */
  async function paged(args: string) {
    const ask = (more: string) =>
      world.ask<Paged>(
        `query ($id: ID!) { dataset(id: $id) { rows(${args}) { ${more}
           pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
        { variables: { id: stored.id } },
      );
    const edges = "edges { kind: __typename cursor node { id values ...on Node { __typename } } }";
    const [fast, slow] = [await ask("nodes { id }"), await ask(`nodes { id } ${edges}`)];
    const edged = await ask(edges);
    return { fast: fast.dataset.rows, slow: slow.dataset.rows, edged: edged.dataset.rows };
  }

  const ORDERS = [
    "",
    `, orderBy: [{column: "day", direction: DESC}, {column: "exact", direction: ASC, nulls: FIRST}]`,
    `, orderBy: [{column: "whole", direction: ASC}]`,
    `, orderBy: [{column: "moment", direction: DESC, nulls: FIRST}]`,
  ];

  test.each(ORDERS)("laid end to end by their cursors are all rows%s", async (order) => {
    const seen: string[] = [];
    let after = "";
    for (let page = 0; page < 3; page += 1) {
      // Each begins where the one before ended.
      // eslint-disable-next-line no-await-in-loop
      const { fast, slow, edged } = await paged(`first: 2${after}${order}`);
      expect(edged.edges).toEqual(slow.edges);
      expect(edged.pageInfo).toEqual(slow.pageInfo);
      expect(fast.nodes).toEqual(slow.nodes);
      expect(fast.pageInfo).toEqual(slow.pageInfo);
      expect(fast.pageInfo["endCursor"]).toBe(slow.edges.at(-1)?.cursor);
      seen.push(...fast.nodes.map(({ id }) => id));
      after = `, after: "${String(fast.pageInfo["endCursor"])}"`;
    }
    expect(seen.toSorted()).toEqual(stored.rows.toSorted());
  });

  test("of none have no cursors", async () => {
    const { fast, slow } = await paged(`first: 5, filter: {column: "text", eq: "nowhere"}`);
    expect(fast).toMatchObject({ nodes: [], pageInfo: { startCursor: null, hasNextPage: false } });
    expect(fast.pageInfo).toEqual(slow.pageInfo);
  });
});

describe("long rows", () => {
  test("are read as short ones are, with their cursors", async () => {
    const long = "long ".repeat(3_000);
    const { id, rows } = await world.dataset({
      columns: [{ name: "text", type: "TEXT" }],
      rows: ["short", long, "short too", long].map((text) => ({ text })),
    });
    const { dataset } = await world.ask<{
      dataset: Record<"all" | "some" | "short", { nodes: unknown[]; pageInfo: unknown }>;
    }>(
      `query ($id: ID!) { dataset(id: $id) {
         all: rows(first: 10000) { ...P }
         some: rows(first: 9999, filter: {column: "text", startsWith: "long"}) { ...P }
         short: rows(first: 1) { ...P } } }
       fragment P on RowConnection { nodes { id values } pageInfo { endCursor hasNextPage } }`,
      { variables: { id } },
    );
    const [first, second, third, fourth] = rows;
    expect(dataset.all.nodes).toEqual([
      { id: first, values: { text: "short" } },
      { id: second, values: { text: long } },
      { id: third, values: { text: "short too" } },
      { id: fourth, values: { text: long } },
    ]);
    expect(dataset.some.nodes).toHaveLength(2);
    expect(dataset.short.nodes).toEqual([{ id: first, values: { text: "short" } }]);
    expect(dataset.all.pageInfo).toMatchObject({ hasNextPage: false });
    const again = await world.ask<{ dataset: { rows: { nodes: unknown[] } } }>(
      `query ($id: ID!, $after: String) { dataset(id: $id) { rows(first: 10000, after: $after) { nodes { id } } } }`,
      {
        variables: {
          id,
          after: (dataset.short.pageInfo as { endCursor: string }).endCursor,
        },
      },
    );
    expect(again.dataset.rows.nodes).toEqual([{ id: second }, { id: third }, { id: fourth }]);
  });

  test("of 300 columns are whole", async () => {
    const names = Array.from({ length: 300 }, (_column, index) => `c${index}`);
    const row = Object.fromEntries(names.map((name, index) => [name, index % 7 ? name : null]));
    const { id } = await world.dataset({
      columns: names.map((name) => ({ name, type: "TEXT" })),
      rows: [row],
    });
    const { dataset } = await world.ask<{ dataset: { rows: { nodes: unknown[] } } }>(
      `query ($id: ID!) { dataset(id: $id) { rows { nodes { values hiddenColumns } } } }`,
      { variables: { id } },
    );
    expect(dataset.rows.nodes).toEqual([{ values: row, hiddenColumns: [] }]);
  });
});
