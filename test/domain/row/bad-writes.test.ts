import { afterAll, describe, expect, test } from "vitest";
import { sendingTo } from "../../support/statements.ts";
import { type AnsweredError, aWorld } from "../../support/world.ts";

const home = await aWorld();
const request = sendingTo(home.database, home.admin);
afterAll(() => home.database.close());

const columns = [
  { name: "code", type: "TEXT", unique: true },
  { name: "text", type: "TEXT" },
  { name: "data", type: "JSON" },
  { name: "whole", type: "INTEGER" },
  { name: "decimal", type: "DECIMAL" },
  { name: "day", type: "DATE" },
  { name: "at", type: "DATETIME" },
];
const { id: datasetId, rows: ids } = await home.dataset({ columns, rows: [{ code: "a" }] });

/** How each method writes values. */
const METHODS: Readonly<Record<string, (values: unknown) => object>> = {
  createRows: (values) => ({ rows: [values] }),
  updateRows: (values) => ({ rows: [{ id: ids[0], values }] }),
  upsertRows: (values) => ({
    by: "code",
    rows: [{ values: { code: "a", ...(values as object) } }],
  }),
};

/** Sends a write. */
async function send(field: string, input: object, change?: (body: string) => string) {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${field}(input: $input) { count } }`;
  return await request(query, { input: { datasetId, ...input } }, change);
}

const faultsOf = (errors: readonly AnsweredError[]) =>
  (errors[0]?.extensions["errors"] ?? []) as { column: string; code: string; message: string }[];

/** Whether a statement changes rows of a dataset. */
const writesRows = (statement: string) =>
  /(INSERT INTO|UPDATE|DELETE FROM)\s+data\./.test(statement);

const asNumber = (body: string) => body.replace('"BIG"', "1e400");

describe.each(Object.keys(METHODS))("%s refuses, in words that say the limit,", (field) => {
  const write = (values: unknown, change?: (body: string) => string) =>
    send(field, METHODS[field]?.(values) ?? {}, change);

  test.each<[string, object, string, string]>([
    ["a cell of 10 MB", { text: "x".repeat(10_000_000) }, "TOO_LARGE", "64 KiB"],
    ["JSON of 10 MB", { data: ["x".repeat(10_000_000)] }, "TOO_LARGE", "64 KiB"],
    ["U+0000 in text", { text: "a\0b" }, "INVALID_TEXT", "U+0000"],
    ["half of a surrogate pair", { text: "a\uD800" }, "INVALID_TEXT", "surrogate"],
    [
      "marks without end",
      { text: `a${"\u0301\u0316".repeat(60_000)}` },
      "INVALID_TEXT",
      "30 combining marks",
    ],
    ["31 marks in JSON", { data: ["\u0301".repeat(31)] }, "INVALID_TEXT", "30 combining marks"],
    ["half of one in JSON", { data: { a: "\uDC00" } }, "INVALID_TEXT", "surrogate"],
    [
      "an integer of more than 64 bits",
      { whole: "9223372036854775808" },
      "OUT_OF_RANGE",
      "9223372036854775807",
    ],
    ["a number beyond 2⁵³", { whole: 2 ** 53 }, "WRONG_TYPE", "9007199254740991"],
    ["a decimal of 101 digits", { decimal: "1".repeat(101) }, "OUT_OF_RANGE", "100 digits"],
    ["a decimal 1e400", { decimal: "1e400" }, "OUT_OF_RANGE", "100 digits"],
    ["a day of the year 0", { day: "0000-01-01" }, "WRONG_TYPE", "0001 to 9999"],
    ["a moment of the year 0", { at: "0000-01-01T00:00:00Z" }, "OUT_OF_RANGE", "0001 to 9999"],
  ])("%s", async (_what, values, code, words) => {
    const { errors, statements } = await write(values);
    const [fault] = faultsOf(errors);
    expect(fault).toMatchObject({ column: Object.keys(values)[0], code });
    expect(fault?.message).toContain(words);
    expect(fault?.message.length).toBeLessThan(200);
    expect(statements.filter(writesRows)).toEqual([]);
  });

  test("1e400 as a number, which no double is", async () => {
    for (const column of ["whole", "decimal", "data"]) {
      // oxlint-disable-next-line no-await-in-loop
      const { errors } = await write({ [column]: "BIG" }, asNumber);
      expect(faultsOf(errors)).toMatchObject([{ column, code: "WRONG_TYPE" }]);
    }
  });

  test("10,001 rows, before anything is asked of the database", async () => {
    const row = METHODS[field]?.({}) as { rows: object[] };
    const rows = Array.from({ length: 10_001 }, () => row.rows[0]);
    const { errors, statements } = await send(field, { ...row, rows });
    expect(errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
    expect(errors[0]?.message).toContain("10,000");
    expect(statements).toEqual([]);
  });

  test("and takes what is just within the limits", async () => {
    const values = {
      text: "x".repeat(64 * 1024),
      whole: "9223372036854775807",
      decimal: "1".repeat(100),
      day: "0001-01-01",
      at: "0001-01-01T00:00:00Z",
    };
    const { errors, statements } = await write(values);
    expect(errors).toEqual([]);
    expect(statements.filter(writesRows)).not.toEqual([]);
  });
});
