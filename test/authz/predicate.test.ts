import fc from "fast-check";
import { expect, test } from "vitest";
import { holds } from "../../src/authz/evaluate.ts";
import { normalForm, widest } from "../../src/authz/normal-form.ts";
import { needsValue, type Predicate } from "../../src/authz/predicate.ts";

const columnId = fc.constantFrom("empty", "filled");
const operand = fc.constantFrom("a", "b");

const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => {
  const of = fc.array(tie("predicate"), { maxLength: 3 });
  return {
    predicate: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ kind: fc.constant("isNull"), columnId, is: fc.boolean() }),
      fc.record({ kind: fc.constant("in"), columnId, operands: fc.array(operand) }),
      fc.record({
        kind: fc.constant("compare"),
        columnId,
        by: fc.constantFrom("eq", "ne", "lt"),
        operand,
      }),
      fc.record({ kind: fc.constantFrom("all", "any"), of }),
      fc.record({ kind: fc.constant("not"), of: tie("predicate") }),
    ),
  };
});

const compare = (_columnId: string, one: unknown, other: unknown) =>
  String(one).localeCompare(String(other));

test("a filter that needs a value holds on no row without it", () => {
  fc.assert(
    fc.property(predicate, operand, (filter, filled) => {
      const row = new Map([
        ["empty", null],
        ["filled", filled],
      ]);
      expect(needsValue(filter, "empty") && holds(filter, row, compare)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test.each<[boolean, Predicate]>([
  [true, { kind: "compare", columnId: "a", by: "ne", operand: "x" }],
  [true, { kind: "isNull", columnId: "a", is: false }],
  [false, { kind: "isNull", columnId: "a", is: true }],
  [false, { kind: "in", columnId: "b", operands: ["x"] }],
  [false, { kind: "all", of: [] }],
])("is it needed: %s, by %j, and so with another beside it", (isNeeded, filter) => {
  const other: Predicate = { kind: "compare", columnId: "b", by: "eq", operand: "y" };
  expect(needsValue(filter, "a")).toBe(isNeeded);
  expect(needsValue({ kind: "all", of: [other, filter] }, "a")).toBe(isNeeded);
  expect(needsValue({ kind: "any", of: [other, filter] }, "a")).toBe(false);
  expect(needsValue({ kind: "not", of: filter }, "a")).toBe(false);
});

test("of filters of which others are parts the others can be left out, also where a cell is without a value", () => {
  const filters = fc.array(fc.array(predicate, { minLength: 1, maxLength: 3 }), { maxLength: 4 });
  fc.assert(
    fc.property(filters, operand, (drawn, filled) => {
      // The first parts of each are a filter too.
      const all = drawn.flatMap((of) =>
        of.map((_part, place) => normalForm({ kind: "all", of: of.slice(0, place + 1) })),
      ) as Predicate[];
      const row = new Map([
        ["empty", null],
        ["filled", filled],
      ]);
      const isSeenBy = (some: readonly Predicate[]) =>
        some.some((filter) => holds(filter, row, compare));
      const left = widest(all);
      expect(left.length).toBeLessThanOrEqual(drawn.length);
      expect(isSeenBy(left)).toBe(isSeenBy(all));
    }),
    { numRuns: 2_000 },
  );
});
