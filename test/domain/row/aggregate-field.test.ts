import { afterAll, describe, expect, test } from "vitest";
import { aWorld, type NewRole } from "../../support/world.ts";

const world = await aWorld();
afterAll(() => world.database.close());

const METHODS = ["dataset::get", "row::get"];
const IN_ULM = { column: "city", eq: "Ulm" };

const COLUMNS = [
  { name: "city", type: "TEXT" },
  { name: "kind", type: "SELECT", options: ["new", "old"] },
  { name: "amount", type: "INTEGER" },
  { name: "price", type: "DECIMAL" },
  { name: "done", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "moment", type: "DATETIME" },
  { name: "data", type: "JSON" },
];

const AGGREGATE = `query ($id: ID!, $filter: RowFilter, $groupBy: [String!], $sum: [String!], $avg: [String!],
                          $min: [String!], $max: [String!], $first: Int = 100, $after: String) {
  dataset(id: $id) {
    aggregate(filter: $filter, groupBy: $groupBy, sum: $sum, avg: $avg, min: $min, max: $max,
              first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { keys count sum avg min max }
    }
  }
}`;

interface Group {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly count: number;
  readonly sum: object;
  readonly avg: object;
  readonly min: object;
  readonly max: object;
}

interface Answered {
  readonly dataset: {
    readonly aggregate: {
      readonly totalCount: number;
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: readonly Group[];
    };
  };
}

type Asked = Readonly<Record<string, unknown>> & { readonly id: string };

async function aggregate(asked: Asked, key = world.admin) {
  const { dataset } = await world.ask<Answered>(AGGREGATE, { key, variables: asked });
  return dataset.aggregate;
}

async function groupsOf(asked: Asked, key?: string) {
  return (await aggregate(asked, key)).nodes;
}

/** The keys and the count of each group. */
async function countsOf(asked: Asked, key?: string) {
  return (await groupsOf(asked, key)).map(({ keys, count }) => [...Object.values(keys), count]);
}

/** The one group of all rows. */
async function total(asked: Asked, key?: string) {
  const [group, ...others] = await groupsOf(asked, key);
  expect(others).toEqual([]);
  return group;
}

/** The one error of an answer, in short. */
async function refusal(asked: Asked, key = world.admin) {
  const { errors } = await world.run(AGGREGATE, { key, variables: asked });
  expect(errors).toHaveLength(1);
  return `${errors[0]?.extensions.code} ${errors[0]?.message}`;
}

async function aDataset(rows: readonly Readonly<Record<string, unknown>>[]) {
  return await world.dataset({ columns: COLUMNS, rows });
}

function keyOf(role: NewRole) {
  return world.key({ roles: [{ permissions: METHODS, ...role }] });
}

const ORDERS = [
  { city: "Ulm", kind: "new", amount: 1, price: "1.50", done: true },
  { city: "Ulm", kind: "old", amount: 5, price: "2.25", done: true },
  { city: "Bonn", kind: "new", amount: 2, done: false },
  { kind: "new", amount: 9, price: "0.1" },
];

describe("rows are computed with in groups", () => {
  test("that are ordered by their keys, those without a value last", async () => {
    const { id } = await aDataset(ORDERS);
    const found = await aggregate({ id, groupBy: ["city"], sum: ["price", "amount"] });

    expect(found.totalCount).toBe(3);
    expect(found.nodes.map(({ keys, count, sum }) => ({ keys, count, sum }))).toEqual([
      { keys: { city: "Bonn" }, count: 1, sum: { price: null, amount: "2" } },
      { keys: { city: "Ulm" }, count: 2, sum: { price: "3.75", amount: "6" } },
      { keys: { city: null }, count: 1, sum: { price: "0.1", amount: "9" } },
    ]);
  });

  test("of all rows that match, where they are grouped by nothing, also if none does", async () => {
    const { id } = await aDataset(ORDERS);
    const asked = { id, sum: ["amount"], avg: ["amount"], min: ["city"], max: ["price"] };

    expect(await total({ ...asked, filter: IN_ULM })).toEqual({
      keys: {},
      count: 2,
      sum: { amount: "6" },
      avg: { amount: "3.000000" },
      min: { city: "Ulm" },
      max: { price: "2.25" },
    });
    expect(await total({ ...asked, filter: { column: "city", eq: "Rome" } })).toEqual({
      keys: {},
      count: 0,
      sum: { amount: null },
      avg: { amount: null },
      min: { city: null },
      max: { price: null },
    });
    expect((await aggregate(asked)).totalCount).toBe(1);
    expect(await groupsOf({ ...asked, groupBy: ["city"], filter: { or: [] } })).toEqual([]);
  });

  test("by columns of every type but JSON, in their order", async () => {
    const { id } = await aDataset([
      { ...ORDERS[0], amount: "9007199254740993", day: "2024-02-29", moment: "2024-02-29T12:00Z" },
      { ...ORDERS[1], amount: -3, day: "1999-12-31", moment: "1999-12-31T23:59:59.999Z" },
    ]);
    const groupBy = COLUMNS.map(({ name }) => name).filter((name) => name !== "data");
    const found = await groupsOf({ id, groupBy: groupBy.toReversed() });

    expect(found.map(({ keys }) => Object.entries(keys).toReversed())).toEqual([
      [
        ["city", "Ulm"],
        ["kind", "old"],
        ["amount", -3],
        ["price", "2.25"],
        ["done", true],
        ["day", "1999-12-31"],
        ["moment", "1999-12-31T23:59:59.999Z"],
      ],
      [
        ["city", "Ulm"],
        ["kind", "new"],
        ["amount", "9007199254740993"],
        ["price", "1.50"],
        ["done", true],
        ["day", "2024-02-29"],
        ["moment", "2024-02-29T12:00:00.000Z"],
      ],
    ]);
  });
});

describe("sums and means are exact", () => {
  test("also beyond 64 bits", async () => {
    const most = "9223372036854775807";
    const { id } = await aDataset([{ amount: most }, { amount: most }, { amount: "0" }]);
    const asked = { id, sum: ["amount"], avg: ["amount"], max: ["amount"] };

    expect(await total(asked)).toMatchObject({
      sum: { amount: "18446744073709551614" },
      avg: { amount: "6148914691236517204.666667" },
      max: { amount: most },
    });
  });

  test("of decimals that no double holds", async () => {
    const tiny = `0.${"0".repeat(99)}1`;
    const huge = "9".repeat(100);
    const { id } = await aDataset([{ price: tiny }, { price: huge }]);

    expect(await total({ id, sum: ["price"] })).toMatchObject({
      sum: { price: `${huge}${tiny.slice(1)}` },
    });
  });

  test.each([
    [["1", "1", "2"], "1.333333"],
    [["0.01", "0.01", "0.03"], "0.01666667"],
    [["-0.01", "-0.01", "-0.03"], "-0.01666667"],
    [["0.0000005", "0.0000006"], "0.0000005500000"],
    [["1", "0", "0", "0", "0", "0", "0", "0"], "0.125000"],
  ])("the mean of %j is %s", async (prices, mean) => {
    const { id } = await aDataset(prices.map((price) => ({ price })));

    expect(await total({ id, avg: ["price"] })).toMatchObject({ avg: { price: mean } });
  });

  test("a mean is rounded once, also where a quotient is cut off before", async () => {
    // 51/101 is 0.504950495…, and to eight digits 0.50495050.
    const [most, last] = ["1000000000000", "1000000000051"];
    const others = Array.from({ length: 100 }, () => ({ price: most, amount: most }));
    const { id } = await aDataset([{ price: last, amount: last }, ...others]);

    expect(await total({ id, avg: ["price", "amount"] })).toMatchObject({
      avg: { price: `${most}.504950`, amount: `${most}.504950` },
    });
  });

  test("a half is rounded away from zero", async () => {
    const others = Array.from({ length: 127 }, () => ({ price: 0 }));
    const [above, below] = [
      await aDataset([{ price: 1 }, ...others]),
      await aDataset([{ price: -1 }, ...others]),
    ];

    // 1/128 is 0.0078125.
    expect(await total({ id: above.id, avg: ["price"] })).toMatchObject({
      avg: { price: "0.007813" },
    });
    expect(await total({ id: below.id, avg: ["price"] })).toMatchObject({
      avg: { price: "-0.007813" },
    });
  });
});

test("the smallest and the largest are those of the order of rows: text by code point", async () => {
  const rows = ["ä", "z", "\u{1F4A5}", "\uFFEE", "B", "a"].map((city) => ({ city }));
  const { id } = await aDataset([
    ...rows,
    { amount: "-9007199254740993", price: "10", day: "0001-01-01", kind: "old" },
    { amount: 2, price: "9.5", day: "9999-12-31", kind: "new", moment: "2024-02-29T12:00Z" },
  ]);
  const names = ["city", "kind", "amount", "price", "day", "moment"];

  expect(await total({ id, min: names, max: names })).toMatchObject({
    min: {
      city: "B",
      kind: "new",
      amount: "-9007199254740993",
      price: "9.5",
      day: "0001-01-01",
      moment: "2024-02-29T12:00:00.000Z",
    },
    max: {
      city: "\u{1F4A5}",
      kind: "old",
      amount: 2,
      price: "10.0",
      day: "9999-12-31",
      moment: "2024-02-29T12:00:00.000Z",
    },
  });
});

test("decimals that are equal are one group, with the digits of the longest", async () => {
  for (const prices of [
    ["1.5", "1.50"],
    ["1.50", "1.5"],
  ]) {
    const { id } = await aDataset(prices.map((price) => ({ price })));
    const asked = { id, groupBy: ["price"], min: ["price"], max: ["price"], sum: ["price"] };

    expect(await total(asked)).toMatchObject({
      keys: { price: "1.50" },
      count: 2,
      min: { price: "1.50" },
      max: { price: "1.50" },
      sum: { price: "3.00" },
    });
  }
});

test("columns that are no columns of their own in the database are computed with as others", async () => {
  const filling = Array.from({ length: 250 }, (_none, place) => ({
    name: `c${place}`,
    type: "TEXT",
  }));
  const { id } = await world.dataset({ columns: [...filling, ...COLUMNS], rows: ORDERS });

  expect(await groupsOf({ id, groupBy: ["done", "city"], sum: ["price"] })).toMatchObject([
    { keys: { done: false, city: "Bonn" }, count: 1, sum: { price: null } },
    { keys: { done: true, city: "Ulm" }, count: 2, sum: { price: "3.75" } },
    { keys: { done: null, city: null }, count: 1, sum: { price: "0.1" } },
  ]);
});

describe("what may not be read", () => {
  test("is in no group: neither a row that is not seen nor a cell that is hidden in its row", async () => {
    const { id: datasetId, columns } = await aDataset(ORDERS);
    const [city = "", amount = "", price = ""] = ["city", "amount", "price"].map(
      (name) => columns[name],
    );
    const reads = (columnId: string) => ({ datasetId, columnId, read: "ALLOW" }) as const;
    const inUlm = { datasetId, rowFilter: { read: IN_ULM } };
    const isNew = { datasetId, rowFilter: { read: { column: "kind", eq: "new" } } };
    const key = await world.key({
      roles: [
        { permissions: METHODS, grants: [inUlm, reads(city), reads(price)] },
        { grants: [isNew, reads(amount)] },
      ],
    });
    const asked = { id: datasetId, groupBy: ["city"], sum: ["amount", "price"], max: ["amount"] };

    expect(await groupsOf(asked, key)).toMatchObject([
      { keys: { city: "Ulm" }, count: 2, sum: { amount: "1", price: "3.75" }, max: { amount: 1 } },
      { keys: { city: null }, count: 2, sum: { amount: "11", price: null }, max: { amount: 9 } },
    ]);
    expect(await countsOf(asked)).toEqual([
      ["Bonn", 1],
      ["Ulm", 2],
      [null, 1],
    ]);
    const alone = { id: datasetId, filter: { column: "city", isNull: true }, sum: ["price"] };
    expect(await total(alone, key)).toMatchObject({ count: 2, sum: { price: null } });
    expect(await total(alone)).toMatchObject({ count: 1, sum: { price: "0.1" } });
  });

  test.each(["groupBy", "sum", "avg", "min", "max"])(
    "in any row is, in %s, as a column that does not exist",
    async (argument) => {
      const columns = ["known", "secret"].map((name) => ({ name, type: "INTEGER" }));
      const made = await world.dataset({ columns, rows: [{ known: 1, secret: 2 }] });
      const { id } = made;
      const grants = [
        { datasetId: id, columnId: made.columns["known"] ?? "", read: "ALLOW" } as const,
      ];
      const key = await keyOf({ grants });
      const never = await refusal({ id, [argument]: ["secreu"] }, key);

      expect(await refusal({ id, [argument]: ["secret"] }, key)).toBe(
        never.replace("secreu", "secret"),
      );
      expect(never).toBe('BAD_USER_INPUT No column "secreu". Columns that you may read: known.');
      expect(await groupsOf({ id, [argument]: ["known"] }, key)).toHaveLength(1);
      expect(await groupsOf({ id, [argument]: ["secret"] })).toHaveLength(1);
    },
  );

  test("is FORBIDDEN as a whole without READ, or without the permission", async () => {
    const { id } = await aDataset(ORDERS);
    const blind = await keyOf({ canCreate: true });
    const mute = await keyOf({ canRead: true, permissions: ["dataset::get"] });

    expect(await refusal({ id }, blind)).toContain("FORBIDDEN");
    expect(await refusal({ id }, mute)).toContain("FORBIDDEN");
    const counting = `query ($id: ID!) { dataset(id: $id) { aggregate { totalCount } } }`;
    const { data } = await world.run(counting, { key: mute, variables: { id } });
    expect(data).toEqual({ dataset: { aggregate: null } });
    expect(await total({ id }, await keyOf({ canRead: true }))).toMatchObject({ count: 4 });
  });
});

describe("what makes no sense is refused in words that say what does", () => {
  const NUMBERS = "INTEGER, DECIMAL";
  const ORDERED = "TEXT, INTEGER, DECIMAL, DATE, DATETIME, SELECT";

  test.each([
    ["groupBy", "data", "TEXT, INTEGER, DECIMAL, BOOLEAN, DATE, DATETIME, SELECT", "JSON"],
    ["sum", "city", NUMBERS, "TEXT"],
    ["avg", "day", NUMBERS, "DATE"],
    ["sum", "done", NUMBERS, "BOOLEAN"],
    ["min", "done", ORDERED, "BOOLEAN"],
    ["max", "data", ORDERED, "JSON"],
  ])("%s of %s", async (argument, name, types, type) => {
    const { id } = await aDataset([]);

    expect(await refusal({ id, [argument]: [name] })).toBe(
      `BAD_USER_INPUT ${argument} is for columns of the types ${types}; ${name} is ${type}.`,
    );
  });

  test("too much, and what is named twice", async () => {
    const { id } = await aDataset([]);
    const limit = "LIMIT_EXCEEDED aggregate groups by at most 10 columns and computes at most 100.";

    expect(await refusal({ id, groupBy: Array(11).fill("city") })).toBe(limit);
    expect(await refusal({ id, min: Array(50).fill("city"), max: Array(51).fill("city") })).toBe(
      limit,
    );
    expect(await refusal({ id, groupBy: Array(10).fill("city") })).toBe(
      "BAD_USER_INPUT groupBy names each column once.",
    );
    expect(await refusal({ id, avg: ["price", "price"] })).toBe(
      "BAD_USER_INPUT avg names each column once.",
    );
    expect(await refusal({ id, first: 0 })).toContain("BAD_USER_INPUT");
    expect(await refusal({ id, first: -1 })).toContain("BAD_USER_INPUT");
    expect(await refusal({ id, first: 10_001 })).toContain("LIMIT_EXCEEDED");
  });

  test("groups of more than 64 MiB together", async () => {
    const names = ["a", "b", "c", "d"];
    const long = "x".repeat(60_000);
    const { id } = await world.dataset({
      columns: names.map((name) => ({ name, type: "TEXT" })),
      rows: [Object.fromEntries(names.map((name) => [name, long]))],
    });
    const list = JSON.stringify(names);
    const ask = (times: number) => {
      const each = `aggregate(groupBy: ${list}, min: ${list}, max: ${list}) { nodes { count } }`;
      const fields = Array.from({ length: times }, (_none, place) => `g${place}: ${each}`);
      const document = `query ($id: ID!) { dataset(id: $id) { ${fields.join(" ")} } }`;
      return world.run(document, { variables: { id } });
    };

    expect((await ask(100)).errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
    expect((await ask(2)).errors).toEqual([]);
  });

  test("and as many as are allowed are computed", async () => {
    const columns = Array.from({ length: 25 }, (_none, place) => ({
      name: `c${place}`,
      type: "DECIMAL",
    }));
    const names = columns.map(({ name }) => name);
    const { id } = await world.dataset({ columns, rows: [{ c24: "1.5" }] });
    const groupBy = names.slice(15);
    const found = await groupsOf({ id, groupBy, sum: names, avg: names, min: names, max: names });

    expect(found).toMatchObject([{ count: 1, keys: { c24: "1.5" }, avg: { c24: "1.5000000" } }]);
  });
});

describe("pages of groups", () => {
  const cities = ["b", "a", null, "", "c", "a"];
  const rows = cities.flatMap((city) =>
    [true, null, false].map((done, amount) => ({ city, done, amount, price: "1.50" })),
  );

  test.each([1, 2, 4, 100])("of %d laid end to end are all groups", async (first) => {
    const { id } = await aDataset(rows);
    const asked = { id, groupBy: ["done", "city", "price"], max: ["amount"] };
    const paged: Group[] = [];
    for (let after: string | null = null, more = true; more && paged.length < 20;) {
      const { nodes, pageInfo } = await aggregate({ ...asked, first, after });
      paged.push(...nodes);
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }

    const inOrder = [false, true, null].flatMap((done) =>
      ["", "a", "b", "c", null].map((city) => [done, city, "1.50", city === "a" ? 2 : 1]),
    );
    expect(paged.map(({ keys, count }) => [...Object.values(keys), count])).toEqual(inOrder);
    expect(paged).toEqual(await groupsOf(asked));
  });

  test("end after the one group of all rows", async () => {
    const { id } = await aDataset(rows);
    const { pageInfo } = await aggregate({ id });

    expect(pageInfo.hasNextPage).toBe(false);
    expect(await groupsOf({ id, after: pageInfo.endCursor })).toEqual([]);
  });

  test("go on after a cursor of the same groups alone, whatever is computed of them", async () => {
    const [{ id }, other] = [await aDataset(rows), await aDataset(rows)];
    const asked = { id, groupBy: ["city"], first: 1, filter: { column: "amount", gt: 0 } };
    const { pageInfo } = await aggregate(asked);
    const after = pageInfo.endCursor;
    const counted = { ...asked, after, sum: ["price"] };
    expect(await groupsOf(counted)).toMatchObject([{ keys: { city: "a" }, count: 4 }]);

    const expected = await refusal({ ...asked, after: "no cursor" });
    expect(expected).toContain("BAD_USER_INPUT");
    const { filter: _, ...unfiltered } = asked;
    const strange = [
      { ...asked, id: other.id },
      { ...asked, groupBy: ["done"] },
      { ...asked, groupBy: ["city", "done"] },
      { ...asked, groupBy: [] },
      { ...asked, filter: { column: "amount", gt: 1 } },
      unfiltered,
    ];
    for (const each of strange) expect(await refusal({ ...each, after })).toBe(expected);
    const key = await keyOf({ canRead: true });
    expect(await refusal({ ...asked, after }, key)).toBe(expected);
    const ofRows = await world.ask<{
      dataset: { rows: { pageInfo: { endCursor: string } } };
    }>(`query ($id: ID!) { dataset(id: $id) { rows(first: 1) { pageInfo { endCursor } } } }`, {
      variables: { id },
    });
    const { endCursor } = ofRows.dataset.rows.pageInfo;
    expect(await refusal({ ...unfiltered, after: endCursor })).toBe(expected);
  });
});
