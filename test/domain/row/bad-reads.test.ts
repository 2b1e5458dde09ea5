import { afterAll, describe, expect, test } from "vitest";
import { sendingTo } from "../../support/statements.ts";
import { aWorld } from "../../support/world.ts";

const home = await aWorld();
const request = sendingTo(home.database, home.admin);
afterAll(() => home.database.close());

const { id } = await home.dataset({
  columns: [
    { name: "text", type: "TEXT" },
    { name: "whole", type: "INTEGER" },
    { name: "decimal", type: "DECIMAL" },
    { name: "day", type: "DATE" },
    { name: "at", type: "DATETIME" },
    ...Array.from({ length: 20 }, (_column, index) => ({ name: `c${index}`, type: "TEXT" })),
  ],
  rows: [{ text: "a", whole: 1 }],
});

const QUERY = `query ($id: ID!, $first: Int, $filter: RowFilter, $orderBy: [RowOrder!]) {
  dataset(id: $id) { rows(first: $first, filter: $filter, orderBy: $orderBy) { nodes { values } totalCount } } }`;

const read = (asked: object, change?: (body: string) => string) =>
  request(QUERY, { id, ...asked }, change);

const readsRows = (statement: string) => /FROM\s+data\./.test(statement);
const keys = (count: number) =>
  Array.from({ length: count }, (_key, index) => ({ column: `c${index}`, direction: "ASC" }));
const where = (column: string, value: unknown) => ({ filter: { column, eq: value } });

describe("what is asked of rows is refused, in words that say the limit and before any is read:", () => {
  test.each<[string, object, string, string]>([
    ["a page of none", { first: 0 }, "BAD_USER_INPUT", "from 1 to 10000"],
    ["a page of less than none", { first: -1 }, "BAD_USER_INPUT", "from 1 to 10000"],
    ["a page of 10,001", { first: 10_001 }, "LIMIT_EXCEEDED", "10000"],
    ["an order of 20 columns", { orderBy: keys(20) }, "LIMIT_EXCEEDED", "at most 8 columns"],
    [
      "100,000 values in a list",
      { filter: { column: "whole", in: Array.from({ length: 100_000 }, (_one, at) => at) } },
      "LIMIT_EXCEEDED",
      "10,000",
    ],
    [
      "an integer of more than 64 bits",
      where("whole", "9223372036854775808"),
      "BAD_USER_INPUT",
      "9223372036854775807",
    ],
    ["a decimal 1e400", where("decimal", "1e400"), "BAD_USER_INPUT", "100 digits"],
    ["a day of the year 0", where("day", "0000-01-01"), "BAD_USER_INPUT", "0001 to 9999"],
    ["a moment of the year 0", where("at", "0000-01-01T00:00:00Z"), "BAD_USER_INPUT", "0001"],
    ["U+0000 in text", where("text", "a\0b"), "BAD_USER_INPUT", "U+0000"],
    ["half of a surrogate pair", where("text", "\uD800"), "BAD_USER_INPUT", "surrogate"],
    ["a text of 10 MB", where("text", "x".repeat(10_000_000)), "BAD_USER_INPUT", "64 KiB"],
  ])("%s", async (_what, asked, code, words) => {
    const { errors, statements } = await read(asked);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(errors[0]?.message).toContain(words);
    expect(errors[0]?.message.length).toBeLessThan(300);
    expect(statements.filter(readsRows)).toEqual([]);
  });

  test.each(["whole", "decimal"])("1e400 as a number of %s, which no double is", async (column) => {
    const { errors, statements } = await read(where(column, "BIG"), (body) =>
      body.replace('"BIG"', "1e400"),
    );
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(["BAD_USER_INPUT"]);
    expect(statements.filter(readsRows)).toEqual([]);
  });
});

test("what is just within the limits is read", async () => {
  const { errors, statements } = await read({
    first: 10_000,
    orderBy: keys(8),
    filter: { column: "whole", in: Array.from({ length: 10_000 }, (_one, at) => at) },
  });
  expect(errors).toEqual([]);
  expect(statements.filter(readsRows)).toHaveLength(2);
});
