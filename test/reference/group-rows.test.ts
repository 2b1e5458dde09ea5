import { describe, expect, test } from "vitest";
import { column, type Gives, READS, scene, table } from "./by-hand.ts";
import { type Aggregation, COUNTING, groupRows } from "./group-rows.ts";

const FILMS = table(
  "films",
  [
    column("title", "TEXT"),
    column("gross", "INTEGER"),
    column("rating", "DECIMAL"),
    column("secret", "TEXT"),
  ],
  [
    { title: "b", gross: 1, rating: "1.5", secret: "s" },
    { title: "a", gross: "9223372036854775807", rating: "-0.25", secret: "t" },
    { title: "a", gross: 2, rating: "1.50", secret: "u" },
    { gross: 7 },
  ],
);

/** Title everywhere; gross in the rows of `a` alone. */
const PARTLY: readonly Gives[] = [
  { places: { title: { READ: "ALLOW" } } },
  { places: { gross: { READ: "ALLOW" } }, where: { READ: { column: "title", eq: "a" } } },
];

function grouped(roles: readonly Gives[], asked: Partial<Aggregation> = {}) {
  const found = groupRows(scene([FILMS], roles), { ...COUNTING, ...asked });
  if (found.is === "GROUPS") return found.groups;
  return found.is === "ERROR" ? found.code : null;
}

describe("groups", () => {
  test("are in the order of their keys, no value last", () => {
    expect(grouped([READS], { groupBy: ["title"], sum: ["gross"] })).toMatchObject([
      { keys: { title: "a" }, count: 2, sum: { gross: "9223372036854775809" } },
      { keys: { title: "b" }, count: 1, sum: { gross: "1" } },
      { keys: { title: null }, count: 1, sum: { gross: "7" } },
    ]);
  });

  test("of equal decimals are one, with the digits of the longest", () => {
    expect(grouped([READS], { groupBy: ["rating"] })).toMatchObject([
      { keys: { rating: "-0.25" }, count: 1 },
      { keys: { rating: "1.50" }, count: 2 },
      { keys: { rating: null }, count: 1 },
    ]);
  });

  test("of nothing are one group of no rows, and by a column none", () => {
    const filter = { or: [] };
    expect(grouped([READS], { filter, sum: ["gross"] })).toMatchObject([
      { keys: {}, count: 0, sum: { gross: null } },
    ]);
    expect(grouped([READS], { filter, groupBy: ["title"] })).toEqual([]);
  });

  test("hold what is hidden in a row as no value", () => {
    const asked = { groupBy: ["gross"], max: ["title"] };
    expect(grouped(PARTLY, asked)).toMatchObject([
      { keys: { gross: 2 }, count: 1, max: { title: "a" } },
      { keys: { gross: "9223372036854775807" }, count: 1, max: { title: "a" } },
      { keys: { gross: null }, count: 2, max: { title: "b" } },
    ]);
  });
});

describe("of all rows", () => {
  test("the mean has six digits more than the values, and a half goes away from zero", () => {
    const asked = { avg: ["rating"], min: ["rating"], max: ["rating"], sum: ["rating"] };
    expect(grouped([READS], asked)).toMatchObject([
      {
        avg: { rating: "0.91666667" },
        min: { rating: "-0.25" },
        max: { rating: "1.50" },
        sum: { rating: "2.75" },
      },
    ]);
    const rows = ["-1", ...Array.from({ length: 127 }, () => "0")].map((rating) => ({ rating }));
    const some = scene([table("films", [column("rating", "DECIMAL")], rows)], [READS]);
    expect(groupRows(some, { ...COUNTING, avg: ["rating"] })).toMatchObject({
      groups: [{ avg: { rating: "-0.007813" } }],
    });
  });

  test.each([{ sum: ["secret"] }, { groupBy: ["secret"] }, { min: ["nope"] }])(
    "%j is BAD_USER_INPUT to who does not read it",
    (asked) => {
      expect(grouped(PARTLY, asked)).toBe("BAD_USER_INPUT");
    },
  );

  test("text has no sum, and a known dataset without READ no group", () => {
    expect(grouped([READS], { sum: ["title"] })).toBe("BAD_USER_INPUT");
    expect(grouped([{ on: { DELETE: "ALLOW" } }])).toBe("FORBIDDEN");
    expect(grouped([{}])).toBeNull();
  });
});
