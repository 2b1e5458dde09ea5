import { describe, expect, test } from "vitest";
import { aWorld } from "../../support/world.ts";

const COLUMNS = [
  { name: "label", type: "TEXT" },
  { name: "amount", type: "INTEGER" },
  { name: "price", type: "DECIMAL" },
  { name: "done", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "moment", type: "DATETIME" },
  { name: "extra", type: "JSON" },
];

const ROWS = [
  {
    label: "apple",
    amount: 1,
    price: "1.50",
    done: true,
    day: "2024-01-01",
    moment: "2024-01-01T00:00:00Z",
  },
  { label: "Apple", amount: 2, price: "1.5", done: false, day: "2024-02-29", extra: { a: null } },
  { label: "100%_\\", amount: "9223372036854775807", price: "-0.1" },
  { label: null, amount: null, price: null },
];

const QUERY = `query ($id: ID!, $filter: RowFilter) {
  dataset(id: $id) { rows(filter: $filter, orderBy: [{ column: "amount", direction: ASC }]) { totalCount nodes { values(columns: ["label"]) } } }
}`;

describe("a filter", async () => {
  const world = await aWorld();
  const { id } = await world.dataset({ columns: COLUMNS, rows: ROWS });
  const run = (filter: unknown) => world.run<Found>(QUERY, { variables: { id, filter } });
  const found = async (filter: unknown) => {
    const { data, errors } = await run(filter);
    expect(errors).toEqual([]);
    return data?.dataset.rows.nodes.map(({ values }) => values.label);
  };

  test.each([
    ["eq is case-sensitive", { column: "label", eq: "apple" }, ["apple"]],
    ["ne passes over what has no value", { column: "label", ne: "apple" }, ["Apple", "100%_\\"]],
    ["not keeps unknown unknown", { not: { column: "label", eq: "apple" } }, ["Apple", "100%_\\"]],
    ["isNull finds what has no value", { column: "label", isNull: true }, [null]],
    [
      "isNull: false finds what has one",
      { column: "amount", isNull: false },
      ["apple", "Apple", "100%_\\"],
    ],
    ["decimals are compared as decimals", { column: "price", eq: "1.500" }, ["apple", "Apple"]],
    ["a decimal operand may be a number", { column: "price", lt: 0 }, ["100%_\\"]],
    ["integers reach 64 bits", { column: "amount", eq: "9223372036854775807" }, ["100%_\\"]],
    ["text runs by code point", { column: "label", lt: "a" }, ["Apple", "100%_\\"]],
    ["lt leaves out what is equal", { column: "amount", lt: 2 }, ["apple"]],
    ["le does not", { column: "amount", le: 2 }, ["apple", "Apple"]],
    ["gt leaves out what is equal", { column: "amount", gt: 2 }, ["100%_\\"]],
    ["ge does not", { column: "amount", ge: 2 }, ["Apple", "100%_\\"]],
    ["booleans", { column: "done", eq: false }, ["Apple"]],
    ["dates", { column: "day", ge: "2024-02-29" }, ["Apple"]],
    ["date-times in any zone", { column: "moment", eq: "2024-01-01T01:00:00+01:00" }, ["apple"]],
    ["in", { column: "amount", in: [1, 2, 77] }, ["apple", "Apple"]],
    ["in nothing", { column: "amount", in: [] }, []],
    ["contains takes wildcards for letters", { column: "label", contains: "%_\\" }, ["100%_\\"]],
    ["startsWith", { column: "label", startsWith: "App" }, ["Apple"]],
    ["endsWith", { column: "label", endsWith: "ple" }, ["apple", "Apple"]],
    ["and of nothing is every row", { and: [] }, ["apple", "Apple", "100%_\\", null]],
    ["or of nothing is no row", { or: [] }, []],
    ["JSON knows isNull", { column: "extra", isNull: false }, ["Apple"]],
    [
      "and, or, not",
      {
        and: [
          {
            or: [
              { column: "amount", eq: 1 },
              { column: "amount", eq: 2 },
            ],
          },
          { not: { column: "done", eq: true } },
        ],
      },
      ["Apple"],
    ],
  ])("%s", async (_name, filter, labels) => {
    expect(await found(filter)).toEqual(labels);
  });

  test.each([
    ["an unknown column", { column: "nope", eq: 1 }, 'No column "nope"'],
    ["a value of another type", { column: "amount", eq: "one" }, "whole number"],
    ["a null operand", { column: "amount", eq: null }, "isNull"],
    ["two operators", { column: "amount", gt: 1, lt: 3 }, "one operator"],
    ["no operator", { column: "amount" }, "one operator"],
    ["a connective beside a column", { and: [], column: "amount" }, "one of and, or, not"],
    ["an operator of text on a number", { column: "amount", contains: "1" }, "TEXT"],
    ["a comparison of JSON", { column: "extra", eq: {} }, "isNull"],
    ["a NUL in text", { column: "label", eq: "a\u0000" }, "label"],
    ["nothing", {}, "one operator"],
  ])("refuses %s in words", async (_name, filter, words) => {
    const { data, errors } = await run(filter);
    expect(data?.dataset.rows).toBeNull();
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(errors[0]?.message).toContain(words);
  });

  test("refuses conditions that lie too deep, before any SQL", async () => {
    let filter: unknown = { column: "amount", eq: 1 };
    for (let depth = 0; depth < 40; depth += 1) filter = { not: filter };
    expect((await run(filter)).errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
  });
});

interface Found {
  dataset: { rows: { nodes: { values: { label: string | null } }[] } };
}
