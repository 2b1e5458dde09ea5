import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readJson, readJsonLines } from "../../src/records/read-json.ts";
import type { SourceItem } from "../../src/records/source-record.ts";
import { WrittenNumber } from "../../src/records/source-record.ts";
import { chunked, endless, itemsOf } from "./source.ts";

const read = (json: string | Buffer, chunk?: number): Promise<SourceItem[]> =>
  itemsOf(readJson(chunked(json, chunk)));

const readLines = (json: string | Buffer, chunk?: number): Promise<SourceItem[]> =>
  itemsOf(readJsonLines(chunked(json, chunk)));

const places = (items: SourceItem[]): string[] =>
  items.map((item) => (item.kind === "header" ? "header" : `${item.kind} at ${item.at}`));

const reasons = (items: SourceItem[]): string[] =>
  items.flatMap((item) => (item.kind === "fault" ? [item.reason] : []));

describe("an array of objects is read token by token", () => {
  test("numbers keep their digits, other cells are JSON's values", async () => {
    const json =
      '[{"n": 12345678901234567890.10, "t": "x\\u00e9😀", "b": true, "z": null, "j": {"a": [1.50]}}]';
    const cells = new Map<string, unknown>([
      ["n", new WrittenNumber("12345678901234567890.10")],
      ["t", "xé😀"],
      ["b", true],
      ["z", null],
      ["j", { a: [1.5] }],
    ]);
    const expected = [{ kind: "record", at: "line 1, record 1", cells }];
    expect(await read(json)).toStrictEqual(expected);
    expect(await read(json, 1)).toStrictEqual(expected);
  });

  test("a record is told by its line and number", async () => {
    const items = await read('[\n  {"a": 1},\n\n  {\n "a": 2}, {"a": 3}\n]\n');
    expect(places(items)).toStrictEqual([
      "record at line 2, record 1",
      "record at line 4, record 2",
      "record at line 5, record 3",
    ]);
  });

  test("an empty array holds nothing", async () => {
    expect(await read(" [ ] ")).toStrictEqual([]);
  });

  test("keys that are names of Object's are keys", async () => {
    const [item] = await read('[{"__proto__": 1, "toString": {"__proto__": 2}}]');
    expect(item).toStrictEqual({
      kind: "record",
      at: "line 1, record 1",
      cells: new Map<string, unknown>([
        ["__proto__", new WrittenNumber("1")],
        ["toString", Object.fromEntries([["__proto__", 2]])],
      ]),
    });
  });

  test("where the file is cut into chunks makes no difference", async () => {
    const records = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })));
    const property = fc.asyncProperty(
      records,
      fc.integer({ min: 1, max: 9 }),
      async (rows, chunk) => {
        const json = JSON.stringify(rows, null, 1);
        expect(await read(json, chunk)).toStrictEqual(await read(json));
        expect(await read(json)).toHaveLength(rows.length);
      },
    );
    expect((await fc.check(property)).counterexample).toBeNull();
  });
});

describe("a record that cannot be used is told, and those after it are read", () => {
  test("in an array", async () => {
    const items = await read(
      '[1, 1e999, null, [12345678901234567890], {"a": 1, "a": 2}, {"j": {"b": 1, "b": 2}}, {"j": [0.12345678901234567890]}, {"a": 1}]',
    );
    expect(reasons(items)).toStrictEqual([
      "expected an object, got a number",
      "expected an object, got null",
      "expected an object, got null",
      "expected an object, got a list",
      'the key "a" is there twice',
      "an object has a key twice",
      "a number in a list or object has too many digits to keep",
    ]);
    expect(items.at(-1)).toMatchObject({ kind: "record", at: "line 1, record 8" });
  });

  test("on a line", async () => {
    const lines = [
      '{"a": 1}',
      "",
      "{",
      '{"a": 1} {"a": 2}',
      "7",
      "tru",
      '{"a":1}x',
      '{"a": 2}',
    ].join("\r\n");
    const items = await readLines(lines);
    expect(items).toStrictEqual(await readLines(lines, 1));
    expect(places(items)).toStrictEqual([
      "record at line 1",
      "fault at line 3",
      "fault at line 4",
      "fault at line 5",
      "fault at line 6",
      "fault at line 7",
      "record at line 8",
    ]);
    expect(reasons(items)).toStrictEqual([
      "expected a whole object on this line",
      "not valid JSON",
      "expected an object, got a number",
      "expected a whole object on this line",
      "not valid JSON",
    ]);
  });

  test("a line that is not UTF-8", async () => {
    const items = await readLines(Buffer.from('{"a":"\xff"}\n{"a":1}', "latin1"));
    expect(places(items)).toStrictEqual(["fault at line 1", "record at line 2"]);
  });
});

describe("a file that cannot be read on is refused in words", () => {
  test.each<[string, string | Buffer, RegExp]>([
    ["nothing", "", /^The file is empty/],
    ["an object", '{"a": 1}', /^Expected one array of objects/],
    ["a number", "12 ", /^Expected one array of objects/],
    [
      "an end in the middle of the array",
      '[{"a": 1},\n{"a": 2}',
      /^line 2, record 3: the file ends in the middle/,
    ],
    [
      "an end in the middle of a record",
      '[{"a": 1},\n{"a": ',
      /^line 2, record 2: the file ends in the middle/,
    ],
    ["two arrays", "[] []", /^line 1, record 1: not valid JSON/],
    ["what is no JSON", '[{"a": 1},\n{a: 2}]', /^line 2, record 2: not valid JSON/],
    ["a trailing comma", '[{"a": 1},]', /not valid JSON/],
    [
      "what is not UTF-8",
      Buffer.from('[\n{"a":"\xff"}]', "latin1"),
      /^line 2, record 1: not valid UTF-8/,
    ],
  ])("%s", async (_, json, message) => {
    await expect(read(json)).rejects.toThrow(message);
  });

  test.each([
    ["a string", '[{"a":1},{"b":"', "abc"],
    ["a string that is a record", '[{"a":1},"', "abc"],
    ["a key", '[{"a":1},{"', "abc"],
    ["a number", '[{"a":1},{"b":1', "23"],
    ["lists within lists", '[{"a":1},{"b":', "["],
    ["an object of many keys", '[{"a":1},{"b":1', ',"c":1'],
    ["white space", '[{"a":1}, ', " "],
    ["empty lines", '[{"a":1}, ', "\n"],
  ])("%s without end is refused after little more than 1 MiB", async (_, start, part) => {
    const source = endless(start, part);
    const message = /record 2: .*does not end within 1 MiB/;
    await expect(itemsOf(readJson(source.chunks()))).rejects.toThrow(message);
    expect(source.bytes).toBeLessThan(2 * 1024 * 1024);
    expect(source.closed).toBe(true);
  });

  test("a line without end is refused after little more than 1 MiB", async () => {
    const source = endless('{"a":1}\n{"a":"', "abc");
    const message = /^line 2: this line does not end within 1 MiB/;
    await expect(itemsOf(readJsonLines(source.chunks()))).rejects.toThrow(message);
    expect(source.bytes).toBeLessThan(2 * 1024 * 1024);
  });
});
