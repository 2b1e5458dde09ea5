import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readRecords } from "../../src/records/read-records.ts";
import { readFileRecords } from "../../src/records/source-file.ts";
import { chunked, itemsOf } from "./source.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fieldgate-import-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("a file is read by its name", () => {
  test.each([
    ["one.CSV", "a,b\n1,2", 2],
    ["mark.csv", "\uFEFFa,b\n1,2", 2],
    ["one.json", '\uFEFF[{"a": 1}]', 1],
    ["one.jsonl", '\uFEFF{"a": 1}\n{"a": 2}', 2],
    ["one.ndjson", '{"a": 1}', 1],
  ])("%s", async (name, content, count) => {
    expect(await itemsOf(readFileRecords(await file(name, content)))).toHaveLength(count);
  });

  test("a byte-order mark is no part of the first header", async () => {
    const [header] = await itemsOf(readFileRecords(await file("bom.csv", "\uFEFFa\n1")));
    expect(header).toStrictEqual({ kind: "header", headers: ["a"] });
  });

  test("a byte-order mark may come in pieces", async () => {
    const [header] = await itemsOf(readRecords("csv", chunked("\uFEFFa\n1", 1)));
    expect(header).toStrictEqual({ kind: "header", headers: ["a"] });
    await expect(
      itemsOf(readRecords("csv", chunked(Buffer.from("\uFEFFa", "utf16le"), 1))),
    ).rejects.toThrow("UTF-16");
    await expect(itemsOf(readRecords("csv", chunked("")))).rejects.toThrow("The file is empty");
  });

  test("the bytes read are told, up to the size of the file", async () => {
    const content = "a\n" + "1\n".repeat(100_000);
    const told: number[] = [];
    const path = await file("progress.csv", content);
    await itemsOf(readFileRecords(path, (bytes) => told.push(bytes)));
    expect(told.length).toBeGreaterThan(2);
    expect(told).toStrictEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(content.length);
  });
});

describe("what cannot be read is refused in words", () => {
  test("UTF-16", async () => {
    const path = await file("wide.csv", Buffer.from("\uFEFFa\n1", "utf16le"));
    await expect(itemsOf(readFileRecords(path))).rejects.toThrow("The file is UTF-16");
  });

  test("a file that is not there, and a folder", async () => {
    const missing = itemsOf(readFileRecords(join(folder, "missing.json")));
    await expect(missing).rejects.toThrow("missing.json: there is no such file.");
    const path = await file("x.txt", "");
    expect(() => readFileRecords(path)).toThrow("is none of .csv, .json and .jsonl");
  });
});
