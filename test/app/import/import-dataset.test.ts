import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sql from "sql-template-tag";
import { afterAll, describe, expect, test } from "vitest";
import { inTransaction } from "../../../src/db/transaction.ts";
import { type DatasetImport, importDataset } from "../../../src/domain/import/import-dataset.ts";
import { aWorld, uniqueName } from "../../support/world.ts";

const { database, tenantId, ask } = await aWorld();
const folder = mkdtempSync(join(tmpdir(), "fieldgate-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Order = Partial<DatasetImport>;

/** Writes a file and imports it. */
function importing(file: string, content: string | Buffer, order: Order = {}) {
  const path = join(folder, file);
  writeFileSync(path, content);
  return importPath(path, order);
}

function importPath(path: string, order: Order = {}) {
  const stamp = { by: "operator", at: new Date() };
  return importDataset(database, { tenantId, path, name: uniqueName("file"), stamp, ...order });
}

/** The columns, the rows' values in their order, and how many bad records were left out. */
async function imported(file: string, content: string | Buffer, order: Order = {}) {
  const name = uniqueName("file");
  const { columns, skipped } = await importing(file, content, { name, ...order });
  const { dataset } = await ask<{ dataset: { rows: { nodes: { values: object }[] } } }>(
    `{ dataset(name: "${name}") { rows(first: 100) { nodes { values } } } }`,
  );
  return {
    types: Object.fromEntries(columns.map((column) => [column.name, column.type])),
    rows: dataset.rows.nodes.map(({ values }) => Object.values(values) as unknown[]),
    skipped,
  };
}

/** What is told of every bad record, where these are left out. */
async function toldOf(content: string, order: Order = {}) {
  const told: string[] = [];
  const onSkipped = (at: string, reason: string) => told.push(`${at}: ${reason}`);
  const outcome = await imported("some.csv", content, { onSkipped, ...order });
  return { told, ...outcome };
}

const key = (...names: string[]): Order => ({ choices: { key: names } });

describe("what files bring is taken as it is meant", () => {
  test.each<[string, string | Buffer, object, unknown[][]]>([
    ["a byte-order mark", "\uFEFFa,b\n1,2\n", { a: "INTEGER", b: "INTEGER" }, [[1, 2]]],
    ["CRLF", "a,b\r\n1,2\r\n", { a: "INTEGER", b: "INTEGER" }, [[1, 2]]],
    ["newlines within quotes", 'a,b\n"x\ny",2\n', { a: "TEXT", b: "INTEGER" }, [["x\ny", 2]]],
    ["no rows", "a,b\n", { a: "TEXT", b: "TEXT" }, []],
    ["mixed types", "a\n1\nx\ntrue\n", { a: "TEXT" }, [["1"], ["x"], ["true"]]],
    ["40 digits", `a\n${"7".repeat(40)}\n`, { a: "DECIMAL" }, [["7".repeat(40)]]],
    [
      "dates in three formats",
      "a\n2024-02-29\n29.02.2024\nFeb 29 2024\n",
      { a: "TEXT" },
      [["2024-02-29"], ["29.02.2024"], ["Feb 29 2024"]],
    ],
    [
      "headers that are no names",
      "US Gross,2020\n1,2\n",
      { us_gross: "INTEGER", c_2020: "INTEGER" },
      [[1, 2]],
    ],
  ])("%s", async (_, content, types, rows) => {
    expect(await imported("good.csv", content)).toEqual({ types, rows, skipped: 0 });
  });
});

describe("what cannot be a dataset is refused in words", () => {
  const MEGABYTE = 1024 * 1024;
  test.each<[string, string, string | Buffer, RegExp]>([
    ["an empty file", "a.csv", "", /^The file is empty/],
    ["ragged lines", "a.csv", "a,b\n1\n1,2,3\n", /^line 2: has 1 fields.+\nline 3: has 3 fields/],
    ["invalid UTF-8", "a.csv", Buffer.from("a\n\xff\n", "latin1"), /^line 2: not valid UTF-8/],
    ["UTF-16", "a.csv", Buffer.from("\uFEFFa\n1\n", "utf16le"), /UTF-16: save it as UTF-8/],
    ["headers that are alike", "a.csv", "a,b,a\n", /columns 1 and 3 have the same header, "a"/],
    ["a header that is empty", "a.csv", "a,,c\n", /column 2 has no header/],
    [
      "headers that become one name",
      "a.csv",
      "A b,a-b\n",
      /same name, a_b.+--name "a-b=another_name"/,
    ],
    [
      "a header of 31 marks in a row",
      "a.csv",
      `a${"\u0301".repeat(31)},b\n1,2\n`,
      /at most 30 combining marks/,
    ],
    [
      "a header of 201 characters",
      "a.csv",
      `${"x".repeat(201)},b\n1,2\n`,
      /more than 200 characters/,
    ],
    ["a header with U+0000", "a.csv", "a\0,b\n1,2\n", /may not contain U\+0000/],
    [
      "a key of 1,000 characters",
      "a.json",
      `[{"${"k".repeat(1_000)}": 1}]`,
      /more than 200 characters/,
    ],
    [
      "1,000 headers alike",
      "a.csv",
      `${"same,".repeat(999)}same\n`,
      /^line 1: .{800,2000}; and 979 more$/,
    ],
    [
      "records without a column",
      "a.json",
      '[1, "x"]',
      /expected an object, got a number\n.+got a string$/,
    ],
    ["100,000 columns", "a.csv", `${"c,".repeat(100_000)}c\n`, /100001 columns, where 1000 are/],
    [
      "a million columns",
      "a.csv",
      `${"column,".repeat(1_000_000)}c\n`,
      /within 1 MiB; it has to name/,
    ],
    [
      "JSON that ends in the middle",
      "a.json",
      '[{"a": 1}, {"a"',
      /ends in the middle of its array/,
    ],
    ["JSON that is no array", "a.json", '{"a": 1}', /Expected one array of objects/],
    ["a cell that is too large", "a.csv", `a\n${"x".repeat(70_000)}\n`, /^line 2: a: .+64 KiB/],
    [
      "a quote that stays open",
      "a.csv",
      `a\n"${"x".repeat(2 * MEGABYTE)}\n`,
      /is a quote left open/,
    ],
    ["another format", "a.xlsx", "", /is none of \.csv, \.json and \.jsonl/],
  ])("%s", async (_, file, content, reason) => {
    await expect(importing(file, content)).rejects.toThrow(reason);
  });

  test.each(["long.csv", "long.json", "long.jsonl"])("a line of 2 GB: %s", async (file) => {
    const path = join(folder, file);
    writeFileSync(path, "");
    // It takes no room on the disk: all of it is one hole.
    truncateSync(path, 2 * 1024 * MEGABYTE);
    await expect(importPath(path)).rejects.toThrow(/1 MiB|not valid JSON/);
  });

  test("nothing is left of any of them", async () => expect(await leftOver()).toEqual([]));
});

describe("bad lines", () => {
  const SALES = "id,amount\n1,10\n2,n/a\n1,30\n,40\n3\n4,50\n";
  const choices = { key: ["id"], types: new Map([["amount", "INTEGER"]] as const) };

  test("refuse the whole file, each with its line and reason", async () => {
    const { message } = (await importing("bad.csv", SALES, { choices }).catch(
      (error: unknown) => error,
    )) as Error;
    expect(message.split("\n")).toEqual([
      expect.stringMatching(/^line 3: amount: Expected a whole number.+got "n\/a"/) as string,
      "line 5: id: A value is required.",
      "line 6: has 1 fields, where the header has 2",
      'line 4: the key id "1" is there already, in an earlier line',
    ]);
    expect(await leftOver()).toEqual([]);
  });

  test("are left out where the caller wants the good ones, and each is told", async () => {
    const { told, rows, skipped } = await toldOf(SALES, { choices });
    expect(rows).toEqual([
      [1, 10],
      [4, 50],
    ]);
    expect(skipped).toBe(4);
    expect(told.map((line) => line.slice(0, 7)).toSorted()).toEqual([
      "line 3:",
      "line 4:",
      "line 5:",
      "line 6:",
    ]);
    expect(told).toContain('line 4: the key id "1" is there already, in an earlier line');
  });

  test("are not left out where there is nothing else", async () => {
    const order = { choices, onSkipped: () => undefined };
    const refused = importing("bad.csv", "id,amount\n1,x\n2,y\n", order);
    await expect(refused).rejects.toThrow(/^line 2: .+\nline 3: /);
    expect(await leftOver()).toEqual([]);
    expect(await importing("none.csv", "id,amount\n", order)).toMatchObject({ rows: 0 });
  });

  test("a key that is there twice refuses the file, wherever in it the two are", async () => {
    const lines = Array.from({ length: 2_500 }, (_, i) => `${i},x`).join("\n");
    const refused = importing("twice.csv", `id,a\n${lines}\n7,y\n`, key("id"));
    await expect(refused).rejects.toThrow('line 2502: the key id "7" is there already');
    const compound = importing("pairs.csv", "a,b\n1,1\n1,2\n2,1\n", key("a", "b"));
    expect(await compound).toMatchObject({ rows: 3 });
  });
});

test("bad lines are told in the order of the file, though the next are read while some are written", async () => {
  const good = Array.from({ length: 999 }, (_, n) => `${n},1\n`);
  const chunk = (from: number) => good.map((line) => `${from}${line}`);
  const content = ["id,n\n", ...chunk(1), "10,1\n", "x\n", ...chunk(2), "20,1\n", "y\n"].join("");
  const { told } = await toldOf(content, key("id"));
  expect(told.map((line) => line.replace(/:.*/, ""))).toStrictEqual(
    [1_001, 1_002, 2_002, 2_003].map((line) => `line ${line}`),
  );
});

describe("what the caller says of columns holds", () => {
  test("types, a SELECT with the values of the file, names and the key", async () => {
    const names = new Map([["Größe §", "size"]]);
    const types = new Map([
      ["size", "TEXT"],
      ["kind", "SELECT"],
    ] as const);
    const name = uniqueName("file");
    const content = "Größe §,Kind\n12,b\n13,a\n14,\n";
    await importing("said.csv", content, { name, choices: { names, types, key: ["size"] } });
    const { dataset } = await ask(
      `{ dataset(name: "${name}") {
           keyColumns columns { name label type required options }
           rows(first: 1) { nodes { values } } } }`,
    );
    expect(dataset).toEqual({
      keyColumns: ["size"],
      columns: [
        { name: "size", label: "Größe §", type: "TEXT", required: true, options: null },
        { name: "kind", label: "Kind", type: "SELECT", required: false, options: ["a", "b"] },
      ],
      rows: { nodes: [{ values: { size: "12", kind: "b" } }] },
    });
  });

  test.each<[string, Order, RegExp]>([
    [
      "a type for no column",
      { choices: { types: new Map([["c", "TEXT"]]) } },
      /no column "c"\. It has: a, b\.$/,
    ],
    ["a key that is no column", key("c"), /no column "c"/],
    ["a key column twice", key("a", "a"), /a is listed more than once/],
    ["a name for no header", { choices: { names: new Map([["x", "y"]]) } }, /no header "x"/],
    [
      "a name that is none",
      { choices: { names: new Map([["a", "A!"]]) } },
      /"A!", for "a", is no name/,
    ],
    ["a SELECT of nothing", { choices: { types: new Map([["b", "SELECT"]]) } }, /"b" has no value/],
  ])("%s is refused", async (_, order, reason) => {
    await expect(importing("said.csv", "a,b\n1,\n", order)).rejects.toThrow(reason);
  });

  test("a SELECT of more values than a column may offer is refused", async () => {
    const content = `a\n${Array.from({ length: 1_001 }, (_, i) => i).join("\n")}\n`;
    const refused = importing("many.csv", content, {
      choices: { types: new Map([["a", "SELECT"]]) },
    });
    await expect(refused).rejects.toThrow(/more than 1000 different values/);
  });
});

test("the columns are told before any of them is used, and a trial keeps nothing", async () => {
  const name = uniqueName("file");
  const seen: unknown[] = [];
  const outcome = await importing("trial.csv", "a\n1\nx\n", {
    name,
    isTrial: true,
    onColumns: ({ columns, mixed }) => seen.push(columns.length, mixed.get("a")),
    onProgress: ({ phase }) => seen.push(phase),
  });
  expect(outcome).toMatchObject({ rows: 2, skipped: 0 });
  expect(seen).toEqual([
    "reading",
    1,
    [
      { at: "line 2", text: '"1"', type: "INTEGER" },
      { at: "line 3", text: '"x"', type: "TEXT" },
    ],
    "writing",
  ]);
  expect(await ask(`{ dataset(name: "${name}") { id } }`)).toEqual({ dataset: null });
  expect(await leftOver()).toEqual([]);
});

/** Imports of this tenant that are neither datasets nor gone. */
async function leftOver() {
  return await inTransaction(
    database,
    { role: "fieldgate_member", tenantId, mode: "snapshot" },
    (transaction) => transaction.query(sql`SELECT i.name FROM dataset_import i`),
  );
}
