import { expect, test } from "vitest";
import type { Predicate } from "../../src/authz/predicate.ts";
import { MOST_OF_FILTERS, type Searched, searchIndexes } from "../../src/db/search-indexes.ts";

const column = (slot: number, more: Partial<Searched> = {}): Searched => ({
  id: `c${slot}`,
  slot,
  type: "INTEGER",
  indexed: false,
  unique: false,
  keyPosition: null,
  ...more,
});

const compares = (columnId: string, by: "eq" | "ne" | "lt" | "contains" | "startsWith") =>
  ({ kind: "compare", columnId, by, operand: "1" }) as const satisfies Predicate;

test("a column that is marked has an index, and one that is not has none", () => {
  expect(searchIndexes([column(1), column(2, { indexed: true, type: "TEXT" })], [])).toStrictEqual([
    { slot: 2, kind: "ORDERED" },
  ]);
});

test("a column that a row filter compares has an index: text of any length one of its own kind", () => {
  const columns = [
    column(1),
    column(2, { type: "TEXT" }),
    column(3, { type: "SELECT" }),
    column(4),
  ];
  const filters: Predicate[] = [
    { kind: "all", of: [compares("c2", "startsWith"), compares("c1", "lt")] },
    { kind: "any", of: [{ kind: "in", columnId: "c3", operands: ["x"] }, compares("c1", "eq")] },
  ];
  expect(searchIndexes(columns, filters)).toStrictEqual([
    { slot: 1, kind: "ORDERED" },
    { slot: 3, kind: "TEXT" },
    { slot: 2, kind: "TEXT" },
  ]);
});

test("what no index serves has none", () => {
  const filters: Predicate[] = [
    compares("c1", "ne"),
    compares("c1", "contains"),
    { kind: "isNull", columnId: "c1", is: true },
    { kind: "not", of: compares("c1", "eq") },
    compares("gone", "eq"),
    compares("c2", "eq"),
  ];
  expect(searchIndexes([column(1), column(2, { type: "JSON" })], filters)).toStrictEqual([]);
});

test("a column that another index begins with needs no second", () => {
  const columns = [
    column(1, { indexed: true }),
    column(2, { unique: true }),
    column(3, { keyPosition: 1 }),
    column(4, { keyPosition: 2 }),
  ];
  const filters = columns.map(({ id }) => compares(id, "eq"));
  expect(searchIndexes(columns, filters)).toStrictEqual([
    { slot: 1, kind: "ORDERED" },
    { slot: 4, kind: "ORDERED" },
  ]);
});

test("row filters ask for no more indexes than so many, those of equality first", () => {
  const columns = Array.from({ length: 30 }, (_each, place) => column(place + 1));
  const filters = columns.map(({ id, slot }) => compares(id, slot === 30 ? "eq" : "lt"));
  const indexes = searchIndexes(columns, filters);
  expect(indexes).toHaveLength(MOST_OF_FILTERS);
  expect(indexes[0]).toStrictEqual({ slot: 30, kind: "ORDERED" });
});
