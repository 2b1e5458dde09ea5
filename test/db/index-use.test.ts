import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fill, tableOf } from "../support/filled.ts";
import { indexed } from "../support/indexed.ts";
import { plansOf } from "../support/plans.ts";
import { aWorld, type NewRole } from "../support/world.ts";

const world = await aWorld();
const { database } = world;
const ask = plansOf(database);
afterAll(() => database.close());

const ROWS = 100_000;
const PERMISSIONS = ["dataset::get", "row::get", "node::get"];

let dataset: Awaited<ReturnType<typeof world.dataset>>;
/** Reads everything. */
let reader: string;
/** Reads the rows of one region, by a filter on a column that nobody marked as indexed. */
let regional: string;
/** Holds 20 roles, of which five read other columns in other regions each, and the others nothing. */
let many: string;

beforeAll(async () => {
  dataset = await world.dataset({
    columns: [
      { name: "number", type: "INTEGER", indexed: true },
      { name: "code", type: "TEXT", indexed: true },
      { name: "day", type: "DATE", indexed: true },
      { name: "region", type: "TEXT" },
      { name: "serial", type: "INTEGER", unique: true },
      { name: "amount", type: "DECIMAL" },
    ],
    keyColumns: ["serial"],
  });
  const { id: datasetId, columns } = dataset;
  reader = await world.key({
    roles: [{ permissions: PERMISSIONS, grants: [{ datasetId, read: "ALLOW" }] }],
  });
  const inRegion = (region: string, columnId?: string): NewRole => ({
    permissions: PERMISSIONS,
    grants: [
      {
        datasetId,
        ...(columnId ? {} : { read: "ALLOW" as const }),
        rowFilter: { read: { column: "region", eq: region } },
      },
      ...(columnId ? [{ datasetId, columnId, read: "ALLOW" as const }] : []),
    ],
  });
  regional = await world.key({ roles: [inRegion("r7")] });
  const names = ["number", "code", "day", "region", "amount"];
  many = await world.key({
    roles: [
      ...names.map((name, place) => inRegion(`r${place}`, columns[name])),
      ...Array.from({ length: 15 }, () => ({ permissions: PERMISSIONS })),
    ],
  });
  await fill(world, dataset, {
    rows: ROWS,
    cells: {
      1: "CASE WHEN n % 10 > 0 THEN n END",
      2: "md5(n::text)",
      3: "date '2000-01-01' + (n % 5000)::integer",
      4: "'r' || (n % 5000)",
      5: "n",
      6: "n / 100.0",
    },
  });
  await indexed(world);
  await database.pool.query(`VACUUM ANALYZE ${tableOf(dataset)}`);
});

const ROWS_OF = `query ($id: ID!, $filter: RowFilter, $order: [RowOrder!], $after: String) {
  dataset(id: $id) {
    rows(first: 50, filter: $filter, orderBy: $order, after: $after) {
      nodes { values } pageInfo { endCursor }
    }
  }
}`;

interface Page {
  readonly dataset: {
    readonly rows: {
      readonly nodes: readonly { readonly values: Readonly<Record<string, unknown>> }[];
      readonly pageInfo: { readonly endCursor: string };
    };
  };
}

interface Asked {
  readonly filter?: object;
  readonly order?: readonly object[];
  readonly after?: string;
}

/** A page, and the plan by which it was read. */
async function page(key: string, asked: Asked) {
  const { data, plans } = await ask<Page>(ROWS_OF, key, { id: dataset.id, ...asked });
  const { nodes, pageInfo } = data.dataset.rows;
  return {
    values: nodes.map(({ values }) => values),
    after: pageInfo.endCursor,
    plan: plans.join("\n"),
  };
}

/** Reads the table from its beginning, or sorts more than is asked for. */
const EVERY_ROW = /Seq Scan on t_|Parallel/;
const SORTED = /Sort/;

describe("an index serves", () => {
  const order = [{ column: "number", direction: "ASC" }];

  test.each([
    ["an equal cell", { column: "code", eq: "c4ca4238a0b923820dcc509a6f75849b" }, /c2 = /],
    [
      "a range",
      {
        and: [
          { column: "number", gt: 500 },
          { column: "number", le: 600 },
        ],
      },
      /c1 > /,
    ],
    ["a list", { column: "code", in: ["c4ca4238a0b923820dcc509a6f75849b", "x"] }, /c2 = ANY/],
    ["a beginning of text", { column: "code", startsWith: "c4ca4" }, /c2 >= 'c4ca4'/],
    ["a day", { column: "day", eq: "2001-02-03" }, /c3 = /],
    ["a key", { column: "serial", eq: 77 }, /c5 = /],
  ])("%s", async (_what, filter, condition) => {
    const { plan, values } = await page(reader, { filter, order });
    expect(values.length).toBeGreaterThan(0);
    expect(plan).toMatch(/Index Cond/);
    expect(plan).toMatch(condition);
    expect(plan).not.toMatch(EVERY_ROW);
  });

  test.each(["ASC", "DESC"])(
    "an order %s, from page to page, without sorting",
    async (direction) => {
      const first = await page(reader, { order: [{ column: "number", direction }] });
      const middle = await page(reader, {
        order: [{ column: "number", direction }],
        after: first.after,
      });
      for (const { plan, values } of [first, middle]) {
        expect(values).toHaveLength(50);
        expect(plan).not.toMatch(EVERY_ROW);
        expect(plan).not.toMatch(SORTED);
      }
      const isBeyond = direction === "ASC" ? ">" : "<";
      expect(middle.plan).toContain(`ROW(c1, id) ${isBeyond} ROW(`);
      // Nothing else is planned for it than for the first.
      expect(middle.plan.match(/Index Scan/g)).toHaveLength(2);
    },
  );

  test("an order together with a filter on the same column", async () => {
    const { plan, values } = await page(reader, {
      filter: { column: "number", gt: 90_000 },
      order: [{ column: "number", direction: "DESC" }],
    });
    expect(values[0]?.["number"]).toBe(99_999);
    expect(plan.match(/Index Scan/g)).toHaveLength(1);
    expect(plan).not.toMatch(EVERY_ROW);
    expect(plan).not.toMatch(SORTED);
  });

  test("the row filter of a role", async () => {
    const { plan, values } = await page(regional, {});
    expect(new Set(values.map(({ region }) => region))).toStrictEqual(new Set(["r7"]));
    expect(plan).toMatch(/Index Cond: \(c4 = 'r7'/);
    expect(plan).not.toMatch(EVERY_ROW);
  });

  test("the row filters of many roles that read other columns each", async () => {
    const { plan, values } = await page(many, {});
    expect(values).toHaveLength(50);
    expect(values.every((row) => Object.keys(row).length === 1)).toBe(true);
    expect(plan).toMatch(/Index Cond: \(c4 = 'r4'/);
    expect(plan).toMatch(/BitmapOr/);
    expect(plan).not.toMatch(EVERY_ROW);
  });
});

test("without an index every row is read", async () => {
  const { plan } = await page(reader, { filter: { column: "amount", eq: "77" } });
  expect(plan).toMatch(EVERY_ROW);
});

test("what a unique column holds already is found by its index, for a thousand rows as for one", async () => {
  const rows = Array.from({ length: 1_000 }, (_each, n) => ({ serial: ROWS + 1 + n }));
  const { plans } = await ask(
    `mutation ($id: ID!, $rows: [JSON!]!) { createRows(input: {datasetId: $id, rows: $rows}) { count } }`,
    world.admin,
    { id: dataset.id, rows },
  );
  const asking = plans.find((plan) => plan.includes("WindowAgg"));
  expect(asking).toMatch(/Index Cond: \(.*c5 = /);
  expect(asking).not.toMatch(EVERY_ROW);
});
