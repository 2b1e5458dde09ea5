import { isDeepStrictEqual } from "node:util";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { cellParser } from "../../src/cell/cell-parser.ts";
import type { CellErrorCode, CellValue } from "../../src/cell/cell-value.ts";
import { CELL_ERROR_CODES } from "../../src/cell/cell-value.ts";
import type { ColumnRules, ColumnType } from "../../src/cell/column-type.ts";
import { COLUMN_TYPES } from "../../src/cell/column-type.ts";
import { parseOperand } from "../../src/cell/parse-operand.ts";

const rules = (type: ColumnType, some: Partial<ColumnRules> = {}): ColumnRules => ({
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
  ...some,
});

const codeOf = (type: ColumnType, input: unknown, some: Partial<ColumnRules> = {}) => {
  const parsed = cellParser(rules(type, some))(input);
  return parsed.ok ? "ok" : parsed.code;
};

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
};

describe("a cell is brought to one canonical form", () => {
  const cases: [ColumnType, unknown, CellValue][] = [
    ["TEXT", "Cafe\u0301", "Café"],
    ["TEXT", "", ""],
    ["TEXT", " a ", " a "],
    ["TEXT", `x${"\u0301".repeat(30)}`, `x${"\u0301".repeat(30)}`],
    ["TEXT", "a".repeat(65_536), "a".repeat(65_536)],
    ["INTEGER", 0, "0"],
    ["INTEGER", -0, "0"],
    ["INTEGER", "-0", "0"],
    ["INTEGER", 9_007_199_254_740_991, "9007199254740991"],
    ["INTEGER", "9223372036854775807", "9223372036854775807"],
    ["INTEGER", "-9223372036854775808", "-9223372036854775808"],
    ["DECIMAL", 0.1, "0.1"],
    ["DECIMAL", 1e21, "1000000000000000000000"],
    ["DECIMAL", 1.5e-7, "0.00000015"],
    ["DECIMAL", "1.50", "1.50"],
    ["DECIMAL", "1.50e1", "15.0"],
    ["DECIMAL", "-0.00", "0.00"],
    ["DECIMAL", "12345e-3", "12.345"],
    [
      "DECIMAL",
      "1234567890123456789012345678901234567890",
      "1234567890123456789012345678901234567890",
    ],
    ["BOOLEAN", true, true],
    ["DATE", "2024-02-29", "2024-02-29"],
    ["DATE", "0001-01-01", "0001-01-01"],
    ["DATETIME", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z"],
    ["DATETIME", "2024-02-29T12:00:00.5+02:00", "2024-02-29T10:00:00.500Z"],
    ["DATETIME", "2024-03-01 00:30-0100", "2024-03-01T01:30:00.000Z"],
    ["DATETIME", "2024-03-01 00:30:00+00", "2024-03-01T00:30:00.000Z"],
    ["DATETIME", "2024-03-01T00:30:00.123000Z", "2024-03-01T00:30:00.123Z"],
    ["JSON", { a: [1, -0, "x", null, { b: true }] }, { a: [1, 0, "x", null, { b: true }] }],
    ["JSON", "text", "text"],
    ["JSON", JSON.parse('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}') as CellValue],
    ...COLUMN_TYPES.flatMap((type): [ColumnType, unknown, CellValue][] => [
      [type, null, null],
      [type, undefined, null],
    ]),
  ];
  test.each(cases)("%s %j", (type, input, value) => {
    expect(parseOperand(type, input)).toStrictEqual({ ok: true, value });
  });
});

describe("what a column's type does not allow is refused with a code", () => {
  const cases: [ColumnType, unknown, CellErrorCode][] = [
    ["TEXT", 7, "WRONG_TYPE"],
    ["TEXT", ["a"], "WRONG_TYPE"],
    ["TEXT", "a\0b", "INVALID_TEXT"],
    ["TEXT", "\uD800", "INVALID_TEXT"],
    ["TEXT", "a\uDC00b", "INVALID_TEXT"],
    ["TEXT", `a${"\u0301".repeat(31)}`, "INVALID_TEXT"],
    // NFC makes a letter of the first two marks that the letter takes, and leaves the two that it had.
    ["TEXT", `\u01d6${"\u0323".repeat(30)}`, "INVALID_TEXT"],
    ["SELECT", "\uFE0F".repeat(31), "INVALID_TEXT"],
    ["TEXT", "a".repeat(65_537), "TOO_LARGE"],
    ["TEXT", "é".repeat(32_769), "TOO_LARGE"],
    ["INTEGER", 1.5, "WRONG_TYPE"],
    ["INTEGER", 9_007_199_254_740_992, "WRONG_TYPE"],
    ["INTEGER", Number.NaN, "WRONG_TYPE"],
    ["INTEGER", "1e3", "WRONG_TYPE"],
    ["INTEGER", "007", "WRONG_TYPE"],
    ["INTEGER", "+5", "WRONG_TYPE"],
    ["INTEGER", " 5", "WRONG_TYPE"],
    ["INTEGER", "٣", "WRONG_TYPE"],
    ["INTEGER", "", "WRONG_TYPE"],
    ["INTEGER", true, "WRONG_TYPE"],
    ["INTEGER", "9223372036854775808", "OUT_OF_RANGE"],
    ["INTEGER", "-9223372036854775809", "OUT_OF_RANGE"],
    ["INTEGER", "9".repeat(100_000), "OUT_OF_RANGE"],
    ["DECIMAL", JSON.parse("1e400"), "WRONG_TYPE"],
    ["DECIMAL", Number.NaN, "WRONG_TYPE"],
    ["DECIMAL", "NaN", "WRONG_TYPE"],
    ["DECIMAL", "Infinity", "WRONG_TYPE"],
    ["DECIMAL", "1,5", "WRONG_TYPE"],
    ["DECIMAL", "0x10", "WRONG_TYPE"],
    ["DECIMAL", "1.", "WRONG_TYPE"],
    ["DECIMAL", "1e400", "OUT_OF_RANGE"],
    ["DECIMAL", "1e999999999999", "OUT_OF_RANGE"],
    ["DECIMAL", "1e-101", "OUT_OF_RANGE"],
    ["DECIMAL", Number.MIN_VALUE, "OUT_OF_RANGE"],
    ["DECIMAL", "1".repeat(101), "OUT_OF_RANGE"],
    ["BOOLEAN", "true", "WRONG_TYPE"],
    ["BOOLEAN", 1, "WRONG_TYPE"],
    ["DATE", "2023-02-29", "WRONG_TYPE"],
    ["DATE", "0000-01-01", "WRONG_TYPE"],
    ["DATE", "2024-13-01", "WRONG_TYPE"],
    ["DATE", "2024-1-1", "WRONG_TYPE"],
    ["DATE", "29.02.2024", "WRONG_TYPE"],
    ["DATE", "2024-02-29T00:00:00Z", "WRONG_TYPE"],
    ["DATE", new Date(0), "WRONG_TYPE"],
    ["DATETIME", "2024-02-29T12:00:00", "WRONG_TYPE"],
    ["DATETIME", "2024-02-29", "WRONG_TYPE"],
    ["DATETIME", 1_700_000_000, "WRONG_TYPE"],
    ["DATETIME", "2024-02-30T12:00:00Z", "OUT_OF_RANGE"],
    ["DATETIME", "2024-02-29T24:00:00Z", "OUT_OF_RANGE"],
    ["DATETIME", "2024-02-29T12:00:60Z", "OUT_OF_RANGE"],
    ["DATETIME", "2023-02-29T12:00:00.000Z", "OUT_OF_RANGE"],
    ["DATETIME", "2024-02-29T24:00:00.000Z", "OUT_OF_RANGE"],
    ["DATETIME", "2024-02-29T12:60:00.000Z", "OUT_OF_RANGE"],
    ["DATETIME", "0000-01-01T00:00:00.000Z", "OUT_OF_RANGE"],
    ["DATETIME", "0001-01-01T00:00:00+01:00", "OUT_OF_RANGE"],
    ["DATETIME", "9999-12-31T23:59:59-01:00", "OUT_OF_RANGE"],
    ["DATETIME", "2024-02-29T12:00:00.0001Z", "OUT_OF_RANGE"],
    ["SELECT", 3, "WRONG_TYPE"],
    ["JSON", { a: Number.POSITIVE_INFINITY }, "WRONG_TYPE"],
    ["JSON", { a: new Map() }, "WRONG_TYPE"],
    ["JSON", { a: undefined }, "WRONG_TYPE"],
    ["JSON", () => 1, "WRONG_TYPE"],
    ["JSON", ["\0"], "INVALID_TEXT"],
    ["JSON", ["\u0301".repeat(31)], "INVALID_TEXT"],
    ["JSON", { "\uD800": 1 }, "INVALID_TEXT"],
    ["JSON", nested(65), "TOO_DEEP"],
    ["JSON", ["a".repeat(65_533)], "TOO_LARGE"],
  ];
  test.each(cases)("%s %j", (type, input, code) => {
    expect(codeOf(type, input)).toBe(code);
  });

  test("a JSON cell may be nested 64 deep and hold 64 KiB", () => {
    expect(codeOf("JSON", nested(64))).toBe("ok");
    expect(codeOf("JSON", ["a".repeat(65_532)])).toBe("ok");
  });

  test("a message never holds more than 40 characters of the value", () => {
    const messages = COLUMN_TYPES.map((type) => parseOperand(type, "q".repeat(100_000))).map(
      (parsed) => (parsed.ok ? "" : parsed.message),
    );
    expect(messages.join("\n")).not.toMatch(/q{41}/);
  });
});

describe("the rules of a column are enforced", () => {
  const cases: [ColumnType, Partial<ColumnRules>, unknown, CellErrorCode | "ok"][] = [
    ["TEXT", { required: true }, null, "REQUIRED"],
    ["TEXT", { required: true }, undefined, "REQUIRED"],
    ["JSON", { required: true }, null, "REQUIRED"],
    ["TEXT", { required: true }, "", "ok"],
    ["INTEGER", { min: "10" }, 9, "OUT_OF_RANGE"],
    ["INTEGER", { min: "9", max: "10" }, "10", "ok"],
    ["INTEGER", { min: "-10" }, -9, "ok"],
    ["INTEGER", { max: "-10" }, "-9", "OUT_OF_RANGE"],
    ["DECIMAL", { min: "0.5" }, "0.50", "ok"],
    ["DECIMAL", { min: "0.5" }, "0.4999999999999999999999", "OUT_OF_RANGE"],
    ["DECIMAL", { max: "9.5" }, "10", "OUT_OF_RANGE"],
    ["DATE", { min: "2024-01-01" }, "2023-12-31", "OUT_OF_RANGE"],
    ["DATETIME", { max: "2024-01-01T00:00:00.000Z" }, "2024-01-01T01:00:00+01:00", "ok"],
    ["DATETIME", { max: "2024-01-01T00:00:00.000Z" }, "2024-01-01T00:00:00-01:00", "OUT_OF_RANGE"],
    ["TEXT", { maxLength: 2 }, "😀😀", "ok"],
    ["TEXT", { maxLength: 2 }, "😀😀😀", "TOO_LONG"],
    ["TEXT", { maxLength: 1 }, "e\u0301", "ok"],
    ["TEXT", { pattern: "[a-z]+" }, "abc", "ok"],
    ["TEXT", { pattern: "[a-z]+" }, "abc1", "PATTERN"],
    ["TEXT", { pattern: "a|ab" }, "ab", "ok"],
    ["TEXT", { pattern: "^a$" }, "a\n", "PATTERN"],
    ["TEXT", { pattern: "(a*)*b" }, "a".repeat(4096), "PATTERN"],
    ["TEXT", { pattern: "a*" }, "a".repeat(4097), "TOO_LARGE"],
    ["TEXT", { pattern: "(" }, "(", "PATTERN"],
    ["TEXT", { indexed: true }, "a".repeat(2501), "TOO_LARGE"],
    ["TEXT", { unique: true }, "a".repeat(2500), "ok"],
    ["SELECT", { options: ["a", "é"] }, "e\u0301", "ok"],
    ["SELECT", { options: ["a"] }, "A", "NOT_AN_OPTION"],
    ["SELECT", { options: ["a"] }, null, "ok"],
  ];
  test.each(cases)("%s %j: %j", (type, some, input, code) => {
    expect(codeOf(type, input, some)).toBe(code);
  });
});

describe("for any input", () => {
  const anyInput = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
    fc.jsonValue(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom("u", "\u01d6", "\u0344", "\u0323"), minLength: 25 }),
    fc.double(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.stringMatching(/^-?\d{1,30}(\.\d{1,30})?(e-?\d{1,3})?$/),
  );
  const anyType = fc.constantFrom(...COLUMN_TYPES);

  test("parsing never throws, and a fault has a known code and a short message", () => {
    const property = fc.property(anyType, anyInput, (type, input) => {
      const parsed = parseOperand(type, input);
      return parsed.ok || (CELL_ERROR_CODES.includes(parsed.code) && parsed.message.length < 250);
    });
    expect(fc.check(property, { numRuns: 2000 }).counterexample).toBeNull();
  });

  test("a canonical value is parsed to itself", () => {
    const property = fc.property(anyType, anyInput, (type, input) => {
      const once = parseOperand(type, input);
      return !once.ok || isDeepStrictEqual(parseOperand(type, once.value), once);
    });
    expect(fc.check(property, { numRuns: 2000 }).counterexample).toBeNull();
  });

  test("a canonical value survives JSON", () => {
    const property = fc.property(anyType, anyInput, (type, input) => {
      const parsed = parseOperand(type, input);
      return (
        !parsed.ok || isDeepStrictEqual(JSON.parse(JSON.stringify(parsed.value)), parsed.value)
      );
    });
    expect(fc.check(property, { numRuns: 2000 }).counterexample).toBeNull();
  });

  test("every 64-bit integer keeps its digits", () => {
    const integers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    const property = fc.property(integers, (value) =>
      isDeepStrictEqual(parseOperand("INTEGER", value), { ok: true, value }),
    );
    expect(fc.check(property).counterexample).toBeNull();
  });

  test("a DECIMAL made from a double is that double, or out of range", () => {
    const property = fc.property(fc.double({ noNaN: true, min: -1e99, max: 1e99 }), (double) => {
      const parsed = parseOperand("DECIMAL", double);
      return parsed.ok ? Number(parsed.value) === double : parsed.code === "OUT_OF_RANGE";
    });
    expect(fc.check(property).counterexample).toBeNull();
  });

  test("a moment is the same in every zone", () => {
    const min = new Date("0002-01-01T00:00:00Z");
    const max = new Date("9998-01-01T00:00:00Z");
    const moments = fc.date({ min, max, noInvalidDate: true });
    const property = fc.property(moments, fc.integer({ min: 0, max: 23 }), (moment, hours) => {
      const shifted = new Date(moment.getTime() + hours * 3_600_000).toISOString().slice(0, -1);
      const parsed = parseOperand("DATETIME", `${shifted}+${String(hours).padStart(2, "0")}:00`);
      return parsed.ok && parsed.value === moment.toISOString();
    });
    expect(fc.check(property).counterexample).toBeNull();
  });
});

test("the days of DATE are those of the calendar, in leap years and at the ends of centuries", () => {
  const years = [1, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 9999];
  const dates = years.flatMap((year) =>
    Array.from({ length: 14 * 33 }, (_, place) => dateOf(year, Math.floor(place / 33), place % 33)),
  );
  const accepted = dates.filter((text) => parseOperand("DATE", text).ok);

  expect(accepted).toEqual(dates.filter(isInCalendar));
  expect(accepted).toHaveLength(7 * 365 + 4 * 366);
});

function dateOf(year: number, month: number, day: number): string {
  const [months, days] = [month, day].map((part) => String(part).padStart(2, "0"));
  return `${String(year).padStart(4, "0")}-${months}-${days}`;
}

function isInCalendar(text: string): boolean {
  const date = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
