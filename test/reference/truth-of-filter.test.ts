import { describe, expect, test } from "vitest";
import { column } from "./by-hand.ts";
import type { Cell, ColumnType, Filter } from "./model.ts";
import { truthOfFilter } from "./truth-of-filter.ts";

function truth(type: ColumnType, cell: Cell, filter: Filter) {
  return truthOfFilter(filter, { columns: [column("c", type)], cells: { c: cell } });
}

describe("NULL", () => {
  test.each<[string, Filter, boolean | null]>([
    ["equals nothing", { column: "c", eq: "a" }, null],
    ["differs from nothing", { column: "c", ne: "a" }, null],
    ["is not less", { column: "c", lt: "a" }, null],
    ["is in no list", { column: "c", in: ["a", "b"] }, null],
    ["is in the empty list of no comparisons: false", { column: "c", in: [] }, false],
    ["contains nothing", { column: "c", contains: "" }, null],
    ["stays unknown under not", { not: { column: "c", eq: "a" } }, null],
    ["is seen by isNull: true", { column: "c", isNull: true }, true],
    ["is seen by isNull: false", { column: "c", isNull: false }, false],
    ["is unknown beside what is true", { and: [{ and: [] }, { column: "c", eq: "a" }] }, null],
    ["is outweighed by false in and", { and: [{ or: [] }, { column: "c", eq: "a" }] }, false],
    ["is outweighed by true in or", { or: [{ and: [] }, { column: "c", eq: "a" }] }, true],
    ["is unknown beside what is false", { or: [{ or: [] }, { column: "c", eq: "a" }] }, null],
  ])("%s", (_name, filter, answer) => {
    expect(truth("TEXT", null, filter)).toBe(answer);
  });

  test("is all that makes unknown", () => {
    expect(truth("TEXT", "a", { column: "c", eq: "a" })).toBe(true);
    expect(truth("TEXT", "b", { column: "c", eq: "a" })).toBe(false);
    expect(truth("TEXT", "b", { not: { column: "c", eq: "a" } })).toBe(true);
  });
});

describe("a comparison", () => {
  test.each<[string, [ColumnType, Cell], Filter, boolean]>([
    ["of text is case-sensitive", ["TEXT", "a"], { column: "c", eq: "A" }, false],
    ["of text runs by code point: B before a", ["TEXT", "B"], { column: "c", lt: "a" }, true],
    [
      "of text runs by code point, not by UTF-16 unit",
      ["TEXT", "\uFFFD"],
      { column: "c", lt: "\u{1F600}" },
      true,
    ],
    ["of text puts the shorter first", ["TEXT", "a"], { column: "c", lt: "ab" }, true],
    ["of text is of the form NFC", ["TEXT", "é"], { column: "c", eq: "e\u0301" }, true],
    ["of integers is of numbers", ["INTEGER", 9], { column: "c", lt: 10 }, true],
    [
      "of integers keeps 64 bits",
      ["INTEGER", "9007199254740993"],
      { column: "c", lt: "9007199254740994" },
      true,
    ],
    ["of decimals is of numbers", ["DECIMAL", "9"], { column: "c", lt: "10" }, true],
    ["of decimals ignores zeros at the end", ["DECIMAL", "1.50"], { column: "c", eq: "1.5" }, true],
    [
      "of decimals is as precise as they are",
      ["DECIMAL", "0.30000000000000000001"],
      { column: "c", gt: "0.3" },
      true,
    ],
    ["of decimals takes numbers", ["DECIMAL", "0.0000001"], { column: "c", eq: 1e-7 }, true],
    ["of decimals knows the sign", ["DECIMAL", "-0.1"], { column: "c", gt: "-0.2" }, true],
    [
      "of date-times is of instants",
      ["DATETIME", "2024-01-01T00:00:00.000Z"],
      {
        column: "c",
        eq: "2024-01-01T01:00:00+01:00",
      },
      true,
    ],
    [
      "of date-times sees milliseconds",
      ["DATETIME", "2024-01-01T00:00:00.001Z"],
      {
        column: "c",
        gt: "2024-01-01T00:00:00Z",
      },
      true,
    ],
    ["of dates runs by day", ["DATE", "2024-02-29"], { column: "c", lt: "2024-03-01" }, true],
    ["of booleans puts false first", ["BOOLEAN", false], { column: "c", lt: true }, true],
    ["of many is one of them", ["INTEGER", 2], { column: "c", in: [1, "2"] }, true],
    [
      "of a part takes wildcards for letters",
      ["TEXT", "ab"],
      { column: "c", contains: "_" },
      false,
    ],
    ["of a beginning", ["TEXT", "ab"], { column: "c", startsWith: "a" }, true],
    ["of an end", ["TEXT", "ab"], { column: "c", endsWith: "a" }, false],
    [
      "with `$` is with that letter in a query",
      ["TEXT", "$now"],
      { column: "c", eq: "$now" },
      true,
    ],
    ["of JSON is with NULL alone", ["JSON", { a: null }], { column: "c", isNull: false }, true],
  ])("%s", (_name, [type, cell], filter, answer) => {
    expect(truth(type, cell, filter)).toBe(answer);
    expect(truth(type, cell, { not: filter })).toBe(!answer);
  });
});
