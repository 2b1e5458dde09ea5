import { describe, expect, test } from "vitest";
import { column, type Gives, READS, scene, table } from "./by-hand.ts";
import { listRows, type Listing } from "./list-rows.ts";

const FILMS = table(
  "films",
  [column("title", "TEXT"), column("gross", "INTEGER"), column("secret", "TEXT")],
  [
    { title: "b", gross: 1, secret: "s" },
    { title: "a", gross: 2, secret: "t" },
    { title: "a", secret: "u" },
  ],
);

/** Title everywhere; gross in the first row alone. */
const PARTLY: readonly Gives[] = [
  { places: { title: { READ: "ALLOW" }, secret: { UPDATE: "ALLOW" } } },
  { places: { gross: { READ: "ALLOW" } }, where: { READ: { column: "title", eq: "b" } } },
];

function listed(roles: readonly Gives[], listing: Listing = {}) {
  const found = listRows(scene([FILMS], roles), listing);
  if (found.is === "ROWS") return found.ids.map((id) => id.replace("films ", "")).join(" ");
  return found.is === "ERROR" ? found.code : null;
}

function by(name: string, direction: "ASC" | "DESC", nulls?: "FIRST" | "LAST"): Listing {
  return { orderBy: [{ column: name, direction, ...(nulls && { nulls }) }] };
}

describe("a filter", () => {
  test("finds a cell that is hidden in its row to be NULL", () => {
    expect(listed(PARTLY, { filter: { column: "gross", isNull: true } })).toBe("2 3");
    expect(listed(PARTLY, { filter: { column: "gross", eq: 2 } })).toBe("");
    expect(listed([READS], { filter: { column: "gross", eq: 2 } })).toBe("2");
  });

  test("does not see a hidden cell under not either", () => {
    expect(listed(PARTLY, { filter: { not: { column: "gross", eq: 7 } } })).toBe("1");
    expect(listed([READS], { filter: { not: { column: "gross", eq: 7 } } })).toBe("1 2");
  });

  test.each(["secret", "nope"])("on %s, which is read nowhere, is BAD_USER_INPUT", (name) => {
    expect(listed(PARTLY, { filter: { column: name, isNull: true } })).toBe("BAD_USER_INPUT");
    expect(listed(PARTLY, { orderBy: [{ column: name, direction: "ASC" }] })).toBe(
      "BAD_USER_INPUT",
    );
    expect(listed([READS], { filter: { column: "secret", isNull: true } })).toBe("");
  });
});

describe("an order", () => {
  test("puts cells without a value last, whichever way it runs", () => {
    expect(listed([READS], by("gross", "ASC"))).toBe("1 2 3");
    expect(listed([READS], by("gross", "DESC"))).toBe("2 1 3");
    expect(listed([READS], by("gross", "DESC", "FIRST"))).toBe("3 2 1");
  });

  test("does not tell hidden cells apart", () => {
    expect(listed(PARTLY, by("gross", "DESC"))).toBe("1 3 2");
    expect(listed(PARTLY, by("gross", "ASC", "FIRST"))).toBe("2 3 1");
  });

  test("has rows that agree in the order of their ids, which runs its own way", () => {
    expect(listed([READS], by("title", "DESC"))).toBe("1 3 2");
    expect(listed([READS], by("title", "ASC"))).toBe("2 3 1");
  });
});

describe("a list", () => {
  test("is of what the caller sees, and so is its count", () => {
    const filtered: Gives = { ...READS, where: { READ: { column: "gross", ge: 2 } } };
    expect(listRows(scene([FILMS], [filtered]), {})).toEqual({
      is: "ROWS",
      ids: ["films 2"],
      totalCount: 1,
    });
  });

  test("is nothing of what is unknown, and FORBIDDEN of what is known without READ", () => {
    expect(listed([{}])).toBeNull();
    expect(listed([{ on: { DELETE: "ALLOW" } }])).toBe("FORBIDDEN");
    expect(listed([{ ...READS, permissions: [] }])).toBe("FORBIDDEN");
    expect(listed([READS])).toBe("1 2 3");
  });
});
