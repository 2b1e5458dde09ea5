import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { cellParser } from "../../../src/cell/cell-parser.ts";
import type { CellValue } from "../../../src/cell/cell-value.ts";
import { cellFromSource } from "../../../src/records/cell-from-source.ts";
import type { Evidence } from "../../../src/domain/import/infer-columns.ts";
import { ColumnInference, evidenceOf, unify } from "../../../src/domain/import/infer-columns.ts";
import type { SourceCell, SourceFormat } from "../../../src/records/source-record.ts";
import { WrittenNumber } from "../../../src/records/source-record.ts";

const number = (text: string): WrittenNumber => new WrittenNumber(text);

/** The type that a column of these cells gets, and the values that it then holds. */
function imported(format: SourceFormat, cells: SourceCell[]): [string, unknown[]] {
  const inference = new ColumnInference(format);
  for (const cell of cells) inference.addRecord(new Map([["c", cell]]), "line 2");
  const type = inference.columns()[0]?.type ?? "TEXT";
  const parse = cellParser({
    name: "c",
    type,
    required: false,
    unique: false,
    indexed: false,
    min: null,
    max: null,
    maxLength: null,
    pattern: null,
    options: null,
  });
  const values = cells.map((cell) => {
    const parsed = parse(cellFromSource(format, type, cell));
    return parsed.ok ? parsed.value : parsed;
  });
  return [type, values];
}

describe("a column of a CSV file gets the narrowest type that keeps every cell", () => {
  test.each<[string[], string, CellValue[]]>([
    [["1", "-2", ""], "INTEGER", ["1", "-2", null]],
    [["1", "2.50"], "DECIMAL", ["1", "2.50"]],
    [["1e-05", "2"], "DECIMAL", ["0.00001", "2"]],
    [["12E4", "3456"], "TEXT", ["12E4", "3456"]],
    [["9223372036854775808"], "DECIMAL", ["9223372036854775808"]],
    [
      ["1234567890123456789012345678901234567890"],
      "DECIMAL",
      ["1234567890123456789012345678901234567890"],
    ],
    [["1".repeat(101)], "TEXT", ["1".repeat(101)]],
    [["007", "7"], "TEXT", ["007", "7"]],
    [["0", "0.5"], "DECIMAL", ["0", "0.5"]],
    [["+5"], "TEXT", ["+5"]],
    [["1,5"], "TEXT", ["1,5"]],
    [["NaN", "1"], "TEXT", ["NaN", "1"]],
    [[" 1 ", "2"], "INTEGER", ["1", "2"]],
    [[" x ", "  "], "TEXT", [" x ", "  "]],
    [["true", "False", "TRUE"], "BOOLEAN", [true, false, true]],
    [["true", "1"], "TEXT", ["true", "1"]],
    [["2024-02-29", ""], "DATE", ["2024-02-29", null]],
    [["2024-02-30"], "TEXT", ["2024-02-30"]],
    [
      ["2024-02-29", "29.02.2024", "Feb 29 2024"],
      "TEXT",
      ["2024-02-29", "29.02.2024", "Feb 29 2024"],
    ],
    [["2024-02-29T12:00:00+01:00"], "DATETIME", ["2024-02-29T11:00:00.000Z"]],
    [["2024-02-29T12:00:00"], "TEXT", ["2024-02-29T12:00:00"]],
    [["2024-02-29T12:00:00.123456Z"], "TEXT", ["2024-02-29T12:00:00.123456Z"]],
    [["2024-02-29", "2024-02-29T12:00:00Z"], "TEXT", ["2024-02-29", "2024-02-29T12:00:00Z"]],
    [["", ""], "TEXT", [null, null]],
    [['{"a": 1}'], "TEXT", ['{"a": 1}']],
  ])("%j is %s", (texts, type, values) => {
    const cells = texts.map((text) => (text === "" ? null : text));
    expect(imported("csv", cells)).toStrictEqual([type, values]);
  });
});

describe("a column of a JSON file gets the narrowest type that keeps every value", () => {
  test.each<[string, SourceCell[], string, CellValue[]]>([
    ["whole numbers", [number("1"), null], "INTEGER", ["1", null]],
    ["numbers", [number("1"), number("0.10"), number("1e3")], "DECIMAL", ["1", "0.10", "1000"]],
    [
      "a number beyond a double",
      [number("12345678901234567890.123")],
      "DECIMAL",
      ["12345678901234567890.123"],
    ],
    ["digits in quotes", ["12"], "TEXT", ["12"]],
    ["numbers and text", ["Alien", number("1941"), true], "TEXT", ["Alien", "1941", "true"]],
    ["empty text is text", ["", "a"], "TEXT", ["", "a"]],
    ["booleans", [true, false], "BOOLEAN", [true, false]],
    ["dates in words", ["Jun 12 1998", "1998-06-12"], "TEXT", ["Jun 12 1998", "1998-06-12"]],
    ["dates", ["1998-06-12"], "DATE", ["1998-06-12"]],
    ["lists and objects", [[1], { a: "x" }, null], "JSON", [[1], { a: "x" }, null]],
    [
      "objects, text and numbers",
      [{ a: 1 }, "x", number("2.5"), true],
      "JSON",
      [{ a: 1 }, "x", 2.5, true],
    ],
  ])("%s", (_, cells, type, values) => {
    expect(imported("json", cells)).toStrictEqual([type, values]);
  });

  test("a number that JSON cannot keep is refused, not rounded", () => {
    const [, values] = imported("json", [{ a: 1 }, number("12345678901234567890")]);
    expect(values).toMatchObject([{ a: 1 }, { code: "WRONG_TYPE" }]);
  });
});

describe("the types unify", () => {
  const evidence = fc.constantFrom<Evidence>(
    null,
    "INTEGER",
    "DECIMAL",
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "TEXT",
    "JSON",
  );

  test("in any order and grouping, and a type with itself is itself", () => {
    const property = fc.property(
      evidence,
      evidence,
      evidence,
      (a, b, c) =>
        unify(a, b) === unify(b, a) &&
        unify(unify(a, b), c) === unify(a, unify(b, c)) &&
        unify(a, a) === a &&
        unify(a, null) === a,
    );
    expect(fc.check(property, { numRuns: 1000 }).counterexample).toBeNull();
  });

  test("to a type that every cell of a CSV column can be parsed to", () => {
    const cell = fc.oneof(
      fc.integer().map(String),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
      fc.constantFrom("true", "False", " ", "007", "1e5", "1e+5", "-0", "0.10"),
      fc.string({ unit: "grapheme-ascii", minLength: 1 }),
    );
    const property = fc.property(fc.array(cell, { maxLength: 4 }), (cells) => {
      const [, values] = imported("csv", cells);
      return values.every((value) => value === null || typeof value !== "object");
    });
    expect(fc.check(property, { numRuns: 2000 }).counterexample).toBeNull();
  });

  test("evidence of a cell does not depend on the spaces around it in CSV", () => {
    expect(evidenceOf("csv", " 12 ")).toBe("INTEGER");
    expect(evidenceOf("json", " 2024-01-01 ")).toBe("TEXT");
  });
});

describe("the columns of a file", () => {
  test("come in order of appearance", () => {
    const inference = new ColumnInference("json");
    inference.addRecord(new Map([["b", number("1")]]), "line 1");
    inference.addRecord(
      new Map<string, SourceCell>([
        ["a", null],
        ["b", number("2.5")],
      ]),
      "line 2",
    );
    expect(inference.columns()).toStrictEqual([
      { header: "b", type: "DECIMAL", mixed: [] },
      { header: "a", type: "TEXT", mixed: [] },
    ]);
  });

  test("whose cells look like several types say where each was met first", () => {
    const inference = new ColumnInference("csv");
    for (const [line, text] of ["12", "13", "n/a", "2024-02-29", "none"].entries()) {
      inference.addRecord(new Map([["c", text]]), `line ${line + 2}`);
    }
    expect(inference.columns()).toStrictEqual([
      {
        header: "c",
        type: "TEXT",
        mixed: [
          { type: "INTEGER", at: "line 2", text: '"12"' },
          { type: "TEXT", at: "line 4", text: '"n/a"' },
          { type: "DATE", at: "line 5", text: '"2024-02-29"' },
        ],
      },
    ]);
  });

  test("are those of the header where there is no record", () => {
    const inference = new ColumnInference("csv");
    inference.addHeader(["a"]);
    expect(inference.columns()).toStrictEqual([{ header: "a", type: "TEXT", mixed: [] }]);
  });

  test("are at most 1,000, over all records of a JSON file", () => {
    const inference = new ColumnInference("json");
    const add = (i: number): void => inference.addRecord(new Map([[`k${i}`, true]]), `line ${i}`);
    for (let i = 0; i < 1000; i += 1) add(i);
    expect(() => add(1000)).toThrow("more than 1000 different keys");
  });
});
