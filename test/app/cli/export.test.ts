import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { aScene, type Scene } from "../kills/scene.ts";
import { aPlace } from "./place.ts";
import { aServer, fieldgate } from "./program.ts";

/** Everything that a cell can be, and what could be lost of it on the way. */
const COLUMNS = [
  { name: "key", type: "INTEGER" },
  { name: "words", type: "TEXT" },
  { name: "kind", type: "SELECT", options: ["=a", "b"] },
  { name: "amount", type: "INTEGER" },
  { name: "price", type: "DECIMAL" },
  { name: "paid", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "at", type: "DATETIME" },
  { name: "more", type: "JSON" },
];
const WORDS = [
  "=HYPERLINK(1)",
  "+1",
  "-1",
  "@a",
  "\tx",
  "\rx",
  "\nx",
  "",
  "'",
  "''",
  "'=1",
  "'it''s'",
  'say "no", twice',
  "a\r\nb\rc\nd",
  " spaces ",
  "007",
  "null",
  "ä€😀\u2028\u0001",
];
const FULL = {
  kind: "=a",
  amount: "-9223372036854775808",
  price: "-0.10",
  paid: false,
  day: "2024-02-29",
  at: "2024-02-29T23:59:59.999Z",
  more: { "=": ["\n", -1.5, null, true, { a: "'" }] },
};
const ROWS = [
  ...WORDS.map((words) => ({ words })),
  FULL,
  { ...FULL, kind: "b", amount: -7, more: "=text" },
  { more: -5 },
  {},
].map((row, key) => ({ key, ...row }));
const TYPES = COLUMNS.map(({ name, type }) => `${name}:${type}`).join();

const VALUES = `query ($name: String!) {
  dataset(name: $name) {
    rows(orderBy: { column: "key", direction: ASC }) { nodes { values } }
  }
}`;

/** What is said on standard error where it takes long enough. */
const PROGRESS = expect.stringMatching(/^(exporting \d+ %\n)*$/) as string;

let scene: Scene;
beforeAll(async () => {
  scene = await aScene(await aPlace(inject("database")));
});
afterAll(() => scene.place.drop());

function run(...args: string[]) {
  return fieldgate(scene.place, args).ended;
}

describe("What was exported", () => {
  test("comes back by our own import, cell by cell, from each format", async () => {
    const server = await aServer(scene.place);
    const made = await server.ask<{ createDataset: { dataset: { id: string } } }>(
      scene.key,
      `mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { dataset { id } } }`,
      { input: { name: "origin", columns: COLUMNS } },
    );
    const { id: datasetId } = made.createDataset.dataset;
    await server.ask(
      scene.key,
      `mutation ($input: CreateRowsInput!) { createRows(input: $input) { __typename } }`,
      { input: { datasetId, rows: ROWS } },
    );
    const { dataset: origin } = await server.ask<{ dataset: object }>(scene.key, VALUES, {
      name: "origin",
    });
    for (const suffix of ["csv", "jsonl", "json"]) {
      const file = join(scene.place.folder, `origin.${suffix}`);
      expect(await run("export", "origin", "--output", file)).toMatchObject({
        code: 0,
        stdout: "",
        stderr: PROGRESS,
      });
      const name = `from_${suffix}`;
      const imported = await run("import", file, "--dataset", name, "--types", TYPES);
      expect(imported).toMatchObject({ code: 0 });
      const { dataset } = await server.ask<{ dataset: object }>(scene.key, VALUES, { name });
      expect(dataset).toEqual(origin);
    }
    expect(await server.stop()).toMatchObject({ code: 0, stderr: "" });
  });

  test("goes to standard output, filtered and ordered, also while no server runs", async () => {
    const filter = JSON.stringify({ column: "amount", isNull: false });
    const args = ["--columns", "amount,paid", "--filter", filter, "--order", "amount:DESC"];

    expect(await run("export", "origin", ...args)).toEqual({
      code: 0,
      signal: null,
      stdout: "amount,paid\r\n-7,false\r\n-9223372036854775808,false\r\n",
      stderr: PROGRESS,
    });
  });
});

describe("What cannot be exported says why, and leaves nothing", () => {
  test.each([
    [["nothing"], "There is no dataset nothing in this tenant."],
    [["origin", "--columns", "amuont"], 'No column "amuont".'],
    [["origin", "--filter", '{"column":"amount","near":1}'], "filter: "],
    [["origin", "--filter", "amount>1"], "It is JSON, such as"],
    [["origin", "--order", "amount:UP"], "orderBy.0.direction: "],
    [["origin", "--format", "xml"], "It is csv, jsonl or json."],
  ])("%j", async (args, words) => {
    const file = join(scene.place.folder, "refused.csv");
    const { code, stdout, stderr } = await run("export", ...args, "--output", file);

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(words);
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(scene.place.folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("a file that was there is left as it was", async () => {
    const file = join(scene.place.folder, "origin.csv");
    const before = readFileSync(file, "utf8");
    const { code } = await run("export", "origin", "--columns", "none", "--output", file);

    expect(code).toBe(1);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("a folder that is not there is named", async () => {
    const file = join(scene.place.folder, "nowhere", "origin.csv");

    expect(await run("export", "origin", "--output", file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Cannot write ${file}`) as string,
    });
  });
});
