import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readCsv } from "../../src/records/read-csv.ts";
import type { SourceItem } from "../../src/records/source-record.ts";
import { chunked, endless, itemsOf } from "./source.ts";

const read = (csv: string | Buffer, chunk?: number): Promise<SourceItem[]> =>
  itemsOf(readCsv(chunked(csv, chunk)));

const record = (line: number, cells: Record<string, string | null>): SourceItem => ({
  kind: "record",
  at: `line ${line}`,
  cells: new Map(Object.entries(cells)),
});

describe("CSV is read as it is written", () => {
  test.each<[string, string, SourceItem[]]>([
    [
      "an empty field is null, spaces are kept",
      "a,b\n1, x \n,",
      [record(2, { a: "1", b: " x " }), record(3, { a: null, b: null })],
    ],
    [
      "CRLF",
      "a,b\r\n1,2\r\n3,4\r\n",
      [record(2, { a: "1", b: "2" }), record(3, { a: "3", b: "4" })],
    ],
    [
      "line breaks of all kinds",
      "a\n1\r\n2\r3",
      [record(2, { a: "1" }), record(3, { a: "2" }), record(4, { a: "3" })],
    ],
    [
      "quoted newlines count as lines",
      'a,b\n"x\ny",1\n"x\r\ny",2\n3,4',
      [
        record(2, { a: "x\ny", b: "1" }),
        record(4, { a: "x\r\ny", b: "2" }),
        record(6, { a: "3", b: "4" }),
      ],
    ],
    ["doubled quotes", 'a\n"say ""hi"""', [record(2, { a: 'say "hi"' })]],
    ["a quote within a field", 'a,b\n5" pipe,1', [record(2, { a: '5" pipe', b: "1" })]],
    [
      "empty lines are skipped and counted",
      "\n\na\n\n1\n\n\n2\n",
      [record(5, { a: "1" }), record(8, { a: "2" })],
    ],
    [
      "headers that are names of Object's",
      "__proto__,constructor\n1,2",
      [
        record(
          2,
          Object.fromEntries([
            ["__proto__", "1"],
            ["constructor", "2"],
          ]),
        ),
      ],
    ],
    ["text beyond ASCII", "ä\n日本😀", [record(2, { ä: "日本😀" })]],
  ])("%s", async (_, csv, records) => {
    expect((await read(csv)).slice(1)).toStrictEqual(records);
    expect((await read(csv, 1)).slice(1)).toStrictEqual(records);
  });

  test("a header without rows is a header", async () => {
    expect(await read(" a , b")).toStrictEqual([{ kind: "header", headers: ["a", "b"] }]);
  });

  test("where the file is cut into chunks makes no difference", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", ",", '"', "\n", "\r\n") });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(
      rows,
      fc.integer({ min: 1, max: 9 }),
      async (cells, chunk) => {
        const quoted = cells.map((row) =>
          row.map((text) => `"${text.replaceAll('"', '""')}"`).join(),
        );
        const items = await read(["a,b", ...quoted].join("\r\n"), chunk);
        const values = items.flatMap((item) =>
          item.kind === "record" ? [...item.cells.values()] : [],
        );
        expect(values).toStrictEqual(cells.flat().map((text) => (text === "" ? null : text)));
      },
    );
    expect((await fc.check(property)).counterexample).toBeNull();
  });
});

describe("a record that cannot be used is told with its line, and those after it are read", () => {
  test("ragged lines", async () => {
    const items = await read("a,b\n1\n1,2,3\n1,2");
    expect(items.slice(1)).toStrictEqual([
      { kind: "fault", at: "line 2", reason: "has 1 fields, where the header has 2" },
      { kind: "fault", at: "line 3", reason: "has 3 fields, where the header has 2" },
      record(4, { a: "1", b: "2" }),
    ]);
  });

  test("invalid UTF-8", async () => {
    const items = await read(Buffer.from("a\nn\xefve\nok", "latin1"));
    expect(items.slice(1)).toMatchObject([{ kind: "fault", at: "line 2" }, { kind: "record" }]);
  });
});

describe("a file that cannot be read on is refused in words", () => {
  test.each<[string, string | Buffer, RegExp]>([
    ["an empty file", "", /^The file is empty/],
    ["nothing but empty lines", "\n\n", /^The file is empty/],
    ["an empty header", "a,,c\n1,2,3", /^line 1: column 2 has no header$/],
    ["one header twice", "a,b,a\n1,2,3", /^line 1: columns 1 and 3 have the same header, "a"$/],
    ["all faults of a header", ",a,a", /column 1 has no header; columns 2 and 3/],
    ["another delimiter", "a;b\n1;2", /separate columns with commas/],
    [
      "1,001 columns",
      Array.from({ length: 1001 }, (_, i) => `c${i}`).join(),
      /^line 1: 1001 columns/,
    ],
    ["a header that is not UTF-8", Buffer.from([0xff, 0x0a]), /^line 1: not valid UTF-8/],
    [
      "an open quote",
      'a\n1\n"x\n2\n3',
      /^line 3: a quote is opened in this record and never closed/,
    ],
  ])("%s", async (_, csv, message) => {
    await expect(read(csv)).rejects.toThrow(message);
  });

  test.each([
    ["a first line without end", "", "abc", /^line 1: the first line does not end within 1 MiB/],
    ["a million columns", "", "a,", /at most 1000/],
    ["a line without end", "a\n1\n", "abc", /^line 3: this record does not end within 1 MiB/],
    ["commas without end", "a\n1\n", ",", /^line 3: this record does not end within 1 MiB/],
    ["a quote that is never closed", 'a\n1\n"', "abc\n", /^line 3: .*is a quote left open/],
    ["empty lines without end", "", "\n", /does not end within 1 MiB/],
  ])("%s is refused after little more than 1 MiB", async (_, start, part, message) => {
    const source = endless(start, part);
    await expect(itemsOf(readCsv(source.chunks()))).rejects.toThrow(message);
    expect(source.bytes).toBeLessThan(2 * 1024 * 1024);
  });
});

test("a reader that is left in the middle closes its source", async () => {
  const source = endless("a\n", "1\n");
  for await (const item of readCsv(source.chunks())) if (item.kind === "record") break;
  await expect.poll(() => source.closed).toBe(true);
});
