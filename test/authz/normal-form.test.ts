import fc from "fast-check";
import { expect, test } from "vitest";
import { grantFilter, type RowFilterInput } from "../../src/access/row-filter.ts";
import { andedTo, textOf } from "../../src/authz/normal-form.ts";
import { columnsByName, definitionOf } from "../proof/in-code-words.ts";
import { column, table } from "../reference/by-hand.ts";
import { aFilter } from "../reference/drawn-filter.ts";
import type { Filter } from "../reference/model.ts";
import { conjuncts, normalForm } from "../reference/normal-form.ts";
import { draws } from "../support/draws.ts";

const FILMS = table(
  "films",
  [
    column("title", "TEXT"),
    column("gross", "DECIMAL"),
    column("year", "INTEGER"),
    column("at", "DATETIME"),
  ],
  [{ title: "one" }],
);

const COLUMNS = columnsByName(definitionOf(FILMS));

/** A filter as the code has it stored. */
const stored = (filter: Filter) => grantFilter(filter as RowFilterInput, COLUMNS);

/** Connectives over so few comparisons that often two filters are the very same. */
function someFilters(comparisons: readonly Filter[]): fc.Arbitrary<Filter> {
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => {
    const parts = fc.array(tie("filter"), { maxLength: 3 });
    return {
      filter: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        fc.constantFrom(...comparisons),
        parts.map((and) => ({ and })),
        parts.map((or) => ({ or })),
        tie("filter").map((not) => ({ not })),
      ),
    };
  });
  return filter;
}

const twoFilters = fc
  .array(aFilter(FILMS, { depth: 0, variables: ["$user.id", "$now"] }), {
    minLength: 1,
    maxLength: 3,
  })
  .map(someFilters)
  .chain((filter) => fc.tuple(filter, filter));

test("filters are the very same, and one ANDed to the other, exactly where the contract says so", () => {
  const counted = { same: 0, anded: 0, apart: 0 };
  fc.assert(
    fc.property(twoFilters, ([one, other]) => {
      const [own, handed] = [stored(one), stored(other)];
      const isSame = normalForm(one, FILMS) === normalForm(other, FILMS);
      const parts = conjuncts(other, FILMS);
      const isAnded = [...conjuncts(one, FILMS).keys()].every((text) => parts.has(text));
      expect(textOf(own) === textOf(handed)).toBe(isSame);
      expect(andedTo(own, handed) !== null).toBe(isAnded);
      const unlike = isAnded ? "anded" : "apart";
      counted[isSame ? "same" : unlike] += 1;
    }),
    { numRuns: draws(5_000) },
  );
  expect(Math.min(...Object.values(counted))).toBeGreaterThan(draws(200));
});
