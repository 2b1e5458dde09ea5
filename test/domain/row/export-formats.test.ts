import { afterAll, describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { exported } from "./exporting.ts";

const world = await aWorld();
const server = await world.listen();
const api = { world, server };
afterAll(() => server.close());

const COLUMNS = [
  { name: "name", type: "TEXT" },
  { name: "amount", type: "INTEGER" },
  { name: "price", type: "DECIMAL" },
  { name: "paid", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "at", type: "DATETIME" },
  { name: "more", type: "JSON" },
] as const;

const ROWS = [
  {
    name: 'Ada "the first", of\nLondon',
    amount: -5,
    price: "1.50",
    paid: true,
    day: "2024-02-29",
    at: "2024-02-29T12:00:00.000Z",
    more: { a: [1, "=2"] },
  },
  { name: "=1+1", amount: "9007199254740993", price: "-0.10", more: "=x" },
  { name: "" },
  {},
];

const { id: datasetId } = await world.dataset({ columns: COLUMNS, rows: ROWS });

const VALUES = ROWS.map((row) => ({
  ...Object.fromEntries(COLUMNS.map(({ name }) => [name, null])),
  ...row,
}));

describe("An export", () => {
  it("as CSV follows RFC 4180, tells no value from empty text, and begins no text as a formula does", async () => {
    const text = await exported(api, { datasetId });

    expect(text.split("\r\n")).toEqual([
      "name,amount,price,paid,day,at,more",
      '"Ada ""the first"", of\nLondon",-5,1.50,true,2024-02-29,2024-02-29T12:00:00.000Z,"{""a"": [1, ""=2""]}"',
      `'=1+1,9007199254740993,-0.10,,,,"""=x"""`,
      "',,,,,,",
      ",,,,,,",
      "",
    ]);
  });

  it("as JSON lines has the cells of each row as `Row.values` has them", async () => {
    const text = await exported(api, { datasetId, format: "JSON_LINES" });

    expect(text.endsWith("\n")).toBe(true);
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(VALUES);
  });

  it("as JSON is one array of them", async () => {
    const text = await exported(api, { datasetId, format: "JSON" });

    expect(JSON.parse(text)).toEqual(VALUES);
  });

  it("has the columns, rows and order that are asked for", async () => {
    const input = { datasetId, columns: ["amount", "name"] };
    const filter = { column: "amount", isNull: false };
    const orderBy = [{ column: "amount", direction: "DESC" }];

    expect(await exported(api, { ...input, filter, orderBy })).toBe(
      'amount,name\r\n9007199254740993,\'=1+1\r\n-5,"Ada ""the first"", of\nLondon"\r\n',
    );
    const nulls = [{ column: "amount", direction: "ASC", nulls: "FIRST" }];
    const ordered = await exported(api, { ...input, format: "JSON", orderBy: nulls });
    expect((JSON.parse(ordered) as { amount: unknown }[]).map(({ amount }) => amount)).toEqual([
      null,
      null,
      -5,
      "9007199254740993",
    ]);
  });

  it("of no row is a header, no line, or an empty array", async () => {
    const filter = { or: [] };
    const none = { datasetId, filter, columns: ["name"] };

    expect(await exported(api, none)).toBe("name\r\n");
    expect(await exported(api, { ...none, format: "JSON_LINES" })).toBe("");
    expect(await exported(api, { ...none, format: "JSON" })).toBe("[]\n");
  });

  it("of one column keeps rows without a value apart from no rows", async () => {
    const text = await exported(api, { datasetId, columns: ["paid"] });

    expect(text).toBe('paid\r\ntrue\r\n""\r\n""\r\n""\r\n');
  });

  it("is whole beyond a batch and beyond what is kept in memory", async () => {
    const long = "x".repeat(4_000);
    const { id } = await world.dataset({
      columns: [
        { name: "n", type: "INTEGER" },
        { name: "long", type: "TEXT" },
      ],
      rows: Array.from({ length: 450 }, (_, n) => ({ n, long })),
    });
    const text = await exported(api, { datasetId: id, format: "JSON_LINES" });

    const rows = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { n: number });
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 450 }, (_, n) => n));
    expect(text.length).toBeGreaterThan(1_800_000);
  });
});
