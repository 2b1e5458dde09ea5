import { describe, expect, test } from "vitest";
import { holds, type RowInHand } from "../../src/authz/evaluate.ts";
import type { Predicate } from "../../src/authz/predicate.ts";
import { compareOperands } from "../../src/cell/compare-operands.ts";
import type { ColumnType } from "../../src/cell/column-type.ts";

const TYPES: Readonly<Record<string, ColumnType>> = {
  name: "TEXT",
  price: "DECIMAL",
  count: "INTEGER",
  day: "DATE",
  done: "BOOLEAN",
};

const ROW: RowInHand = new Map<string, string | boolean | null>([
  ["name", "Ada"],
  ["price", "1.50"],
  ["count", "-3"],
  ["day", "2026-01-02"],
  ["done", false],
  ["empty", null],
]);

const isTrue = (predicate: Predicate) =>
  holds(predicate, ROW, (columnId, one, other) =>
    compareOperands(TYPES[columnId] ?? "TEXT", one, other),
  );

type Comparison = Extract<Predicate, { readonly kind: "compare" }>["by"];
const compare = (columnId: string, by: Comparison, operand: string | boolean): Predicate => ({
  kind: "compare",
  columnId,
  by,
  operand,
});
const not = (of: Predicate): Predicate => ({ kind: "not", of });
const all = (...of: Predicate[]): Predicate => ({ kind: "all", of });
const any = (...of: Predicate[]): Predicate => ({ kind: "any", of });

const TRUE = compare("name", "eq", "Ada");
const FALSE = compare("name", "eq", "Bob");
const UNKNOWN = compare("empty", "eq", "Ada");

describe("unknown", () => {
  test.each([
    ["is no match", UNKNOWN],
    ["stays unknown under not", not(UNKNOWN)],
    ["is not made true by what is true", all(TRUE, UNKNOWN)],
    ["is not made true by what is false", any(FALSE, UNKNOWN)],
    ["is what any comparison with no value gives", not(compare("empty", "contains", ""))],
    ["is what a list gives for no value", not({ kind: "in", columnId: "empty", operands: ["x"] })],
  ])("%s", (_what, predicate) => {
    expect(isTrue(predicate)).toBe(false);
  });

  test.each([
    ["is outweighed by one that holds", any(UNKNOWN, TRUE)],
    ["is outweighed by one that does not", not(all(UNKNOWN, FALSE))],
    ["is not what isNull gives", { kind: "isNull", columnId: "empty", is: true } as const],
    ["is not what an empty list gives", not({ kind: "in", columnId: "empty", operands: [] })],
  ])("%s", (_what, predicate) => {
    expect(isTrue(predicate)).toBe(true);
  });
});

test("a predicate that names a column which is gone holds on no row, also under not", () => {
  const gone = compare("gone", "eq", "x");
  expect([gone, not(gone), any(TRUE, gone), not(all(FALSE, gone))].map(isTrue)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test.each([
  ["decimals by their value", compare("price", "eq", "1.5"), compare("price", "lt", "1.5")],
  ["decimals and not their text", compare("price", "lt", "10"), compare("price", "gt", "10")],
  ["integers with their sign", compare("count", "lt", "-2"), compare("count", "lt", "-10")],
  ["days", compare("day", "ge", "2026-01-02"), compare("day", "gt", "2026-01-02")],
  ["truth", compare("done", "eq", false), compare("done", "ne", false)],
  ["text with its case", compare("name", "startsWith", "A"), compare("name", "startsWith", "a")],
  ["text from its end", compare("name", "endsWith", "da"), compare("name", "endsWith", "Ad")],
  ["text anywhere", compare("name", "contains", "d"), compare("name", "contains", "x")],
])("%s are compared", (_what, holding, not_) => {
  expect(isTrue(holding)).toBe(true);
  expect(isTrue(not_)).toBe(false);
});

test("text is compared by code point, not by the units that JavaScript keeps it in", () => {
  expect(compareOperands("TEXT", "\u{1F600}", "\uFB01")).toBeGreaterThan(0);
  expect(["\uFB01", "\u{1F600}"].toSorted()).toEqual(["\u{1F600}", "\uFB01"]);
  expect(compareOperands("TEXT", "ab", "abc")).toBeLessThan(0);
  expect(compareOperands("TEXT", "\u{1F600}", "\u{1F601}")).toBeLessThan(0);
});
