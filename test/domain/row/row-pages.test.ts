import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draws } from "../../support/draws.ts";
import { aWorld } from "../../support/world.ts";

const COLUMNS = [
  { name: "label", type: "TEXT", indexed: true },
  { name: "amount", type: "INTEGER", indexed: true },
  { name: "price", type: "DECIMAL" },
  { name: "done", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "moment", type: "DATETIME" },
];

interface Cells {
  label: string | null;
  amount: number | null;
  price: string | null;
  done: boolean | null;
  day: string | null;
  moment: string | null;
}

const cells = fc.record<Cells>({
  label: fc.option(fc.constantFrom("a", "B", "b", "ä", "z", "𝒳", "")),
  amount: fc.option(fc.integer({ min: -3, max: 3 })),
  price: fc.option(fc.constantFrom("1.5", "-2", "10", "9.99")),
  done: fc.option(fc.boolean()),
  day: fc.option(fc.constantFrom("2024-02-29", "1999-12-31")),
  moment: fc.option(fc.constantFrom("2024-02-29T12:00:00.123Z", "2024-02-29T12:00:00.000Z")),
});

const order = fc.uniqueArray(
  fc.record({
    column: fc.constantFrom<keyof Cells>("label", "amount", "price", "done", "day", "moment"),
    direction: fc.constantFrom("ASC", "DESC"),
    nulls: fc.option(fc.constantFrom("FIRST", "LAST")),
  }),
  { selector: ({ column }) => column, maxLength: 3 },
);

type Order = typeof order extends fc.Arbitrary<infer Value> ? Value : never;

type Matches = (row: Pick<Cells, "amount" | "label">) => boolean;

/** Filters, with the rows that each leaves. */
const aFilter = fc.constantFrom<[filter: object, matches: Matches]>(
  [{ column: "amount", gt: 1 }, ({ amount }) => amount !== null && amount > 1],
  [{ column: "label", isNull: false }, ({ label }) => label !== null],
  [{ not: { column: "amount", in: [2] } }, ({ amount }) => amount !== null && amount !== 2],
  [
    {
      or: [
        { column: "amount", le: 2 },
        { column: "label", eq: "a" },
      ],
    },
    ({ amount, label }) => (amount !== null && amount <= 2) || label === "a",
  ],
  [
    {
      and: [
        { column: "amount", isNull: false },
        { column: "label", isNull: true },
      ],
    },
    ({ amount, label }) => amount !== null && label === null,
  ],
);

const PAGE = `query ($id: ID!, $first: Int, $after: String, $orderBy: [RowOrder!], $filter: RowFilter) {
  dataset(id: $id) {
    rows(first: $first, after: $after, orderBy: $orderBy, filter: $filter) {
      totalCount
      pageInfo { hasNextPage endCursor startCursor hasPreviousPage }
      edges { cursor }
      nodes { id values }
    }
  }
}`;

interface Answered {
  dataset: {
    rows: {
      totalCount: number;
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      edges: { cursor: string }[];
      nodes: { id: string; values: Cells }[];
    };
  };
}

describe("pages of rows", async () => {
  const world = await aWorld();

  test("laid end to end are all rows, in the order that was asked for", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(cells, { minLength: 1, maxLength: 12 }),
        order,
        fc.integer({ min: 1, max: 5 }),
        async (rows, orderBy, first) => {
          const { id } = await world.dataset({
            columns: COLUMNS,
            rows: rows.map((row) => ({ ...row })),
          });
          const paged = await allPages(id, { first, orderBy });
          expect(paged.map(({ values }) => values)).toEqual(
            sorted(paged, orderBy).map(({ values }) => values),
          );
          expect(new Set(paged.map((row) => row.id)).size).toBe(rows.length);
          expect(multiset(paged.map(({ values }) => values))).toEqual(multiset(rows));
        },
      ),
      { numRuns: draws(25) },
    );
  });

  test("hold what a filter leaves, also where it leaves only rows with a value in what they are ordered by", async () => {
    const rows = [null, 1, 2, null, 3, 2].map((amount, place) => ({
      amount,
      label: place % 2 === 0 ? "a" : null,
    }));
    const { id } = await world.dataset({ columns: COLUMNS, rows });
    await fc.assert(
      fc.asyncProperty(aFilter, order, async ([filter, matches], orderBy) => {
        const paged = await allPages(id, { first: 2, orderBy, filter });
        const values = paged.map((row) => row.values);
        expect(values).toEqual(sorted(paged, orderBy).map((row) => row.values));
        expect(values).toHaveLength(rows.filter(matches).length);
        expect(values.every(matches)).toBe(true);
      }),
      { numRuns: draws(30) },
    );
  });

  test("begin after any cursor, not only after the last of a page", async () => {
    const rows = [3, 1, 2, null, 2].map((amount) => ({ amount }));
    const { id } = await world.dataset({ columns: COLUMNS, rows });
    const orderBy = [{ column: "amount", direction: "DESC" }];
    const whole = await page(id, { orderBy });
    const second = whole.edges[1]?.cursor;
    const rest = await page(id, { orderBy, after: second });
    expect(rest.nodes).toEqual(whole.nodes.slice(2));
  });

  test("stay right while rows before the cursor come and go", async () => {
    const made = await world.dataset({
      columns: COLUMNS,
      rows: Array.from({ length: 20 }, (_, amount) => ({ amount })),
    });
    const orderBy = [{ column: "amount", direction: "ASC" }];
    const first = await page(made.id, { first: 10, orderBy });
    await world.ask(`mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { count } }`, {
      variables: { input: { datasetId: made.id, rows: [{ id: made.rows[0] }] } },
    });
    await world.ask(`mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`, {
      variables: { input: { datasetId: made.id, rows: [{ amount: -5 }, { amount: 100 }] } },
    });
    const second = await page(made.id, { first: 50, orderBy, after: first.pageInfo.endCursor });
    expect(second.nodes.map(({ values }) => values.amount)).toEqual([
      10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 100,
    ]);
  });

  test("count what matches, not what the page holds", async () => {
    const rows = [1, 2, 3, null].map((amount) => ({ amount }));
    const { id } = await world.dataset({ columns: COLUMNS, rows });
    const { totalCount, nodes } = await page(id, { first: 1, filter: { column: "amount", gt: 1 } });
    expect([totalCount, nodes.length]).toEqual([2, 1]);
  });

  test("tell when their rows were made and edited, to the millisecond and in UTC", async () => {
    const before = Date.now();
    const { id } = await world.dataset({ columns: COLUMNS, rows: [{ amount: 1 }] });
    const { dataset } = await world.ask<{
      dataset: { rows: { nodes: { createdAt: string; updatedAt: string }[] } };
    }>(`query ($id: ID!) { dataset(id: $id) { rows { nodes { createdAt updatedAt } } } }`, {
      variables: { id },
    });
    const [row] = dataset.rows.nodes;
    const made = Date.parse(row?.createdAt ?? "");
    expect(row?.createdAt).toBe(new Date(made).toISOString());
    expect(row?.updatedAt).toBe(row?.createdAt);
    expect([made >= before, made <= Date.now()]).toEqual([true, true]);
  });

  test("hold from 1 to 10,000 rows", async () => {
    const { id } = await world.dataset({ columns: COLUMNS, rows: [{ amount: 1 }] });
    for (const [first, code] of [
      [0, "BAD_USER_INPUT"],
      [-1, "BAD_USER_INPUT"],
      [10_001, "LIMIT_EXCEEDED"],
    ]) {
      const { errors } = await world.run(PAGE, { variables: { id, first } });
      expect(errors[0]?.extensions.code).toBe(code);
      expect(errors[0]?.message).toContain("10000");
    }
  });

  async function page(id: string, variables: Record<string, unknown>) {
    const { dataset } = await world.ask<Answered>(PAGE, { variables: { id, ...variables } });
    return dataset.rows;
  }

  async function allPages(
    id: string,
    variables: { first: number; orderBy: Order; filter?: object },
  ) {
    const nodes: Answered["dataset"]["rows"]["nodes"] = [];
    for (let after: string | null = null, more = true; more;) {
      const { nodes: some, pageInfo } = await page(id, { ...variables, after });
      nodes.push(...some);
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    return nodes;
  }
});

function multiset(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

/** The order that callers expect, by the slowest means. */
function sorted(rows: readonly { id: string; values: Cells }[], orderBy: Order) {
  const last = orderBy.at(-1);
  return rows.toSorted((a, b) => {
    for (const { column, direction, nulls } of orderBy) {
      const [x, y] = [a.values[column], b.values[column]];
      if (x === null && y === null) continue;
      if (x === null) return nulls === "FIRST" ? -1 : 1;
      if (y === null) return nulls === "FIRST" ? 1 : -1;
      const difference = compare(column, x, y);
      if (difference !== 0) return direction === "DESC" ? -difference : difference;
    }
    const byId = a.id < b.id ? -1 : 1;
    return last?.direction === "DESC" ? -byId : byId;
  });
}

function compare(column: keyof Cells, x: string | number | boolean, y: typeof x): number {
  if (column === "price" || column === "amount" || column === "done") return Number(x) - Number(y);
  return Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)));
}
