import { describe, expect, test } from "vitest";
import { column, scene, table } from "./by-hand.ts";
import type { Cell, Filter, Row } from "./model.ts";
import { letsThrough } from "./row-filter.ts";

const ROWS = table(
  "notes",
  [column("owner", "TEXT"), column("due", "DATETIME")],
  [{ owner: "ada", due: "2024-01-01T00:00:00.000Z" }, { owner: "$now" }, {}],
);

function passing(filter: Filter | undefined, variables: Record<string, Cell> = {}): string[] {
  const before = scene([ROWS], [], { variables });
  const passes = (row: Row) => letsThrough(filter, row, before);
  return ROWS.rows.filter(passes).map(({ id }) => id);
}

const EVERY = ["notes 1", "notes 2", "notes 3"];

describe("a row filter", () => {
  test("lets through what it holds on, and neither false nor unknown", () => {
    expect(passing({ column: "owner", eq: "ada" })).toEqual(["notes 1"]);
    expect(passing({ not: { column: "owner", eq: "ada" } })).toEqual(["notes 2"]);
    expect(passing({ column: "owner", isNull: true })).toEqual(["notes 3"]);
  });

  test("that there is none of lets all through", () => {
    expect(passing(undefined)).toEqual(EVERY);
  });

  test.each<[string, Filter]>([
    ["alone", { column: "owner", eq: "$user.email" }],
    ["under not", { not: { column: "owner", eq: "$user.email" } }],
    ["beside what is true", { or: [{ and: [] }, { column: "owner", eq: "$user.email" }] }],
    ["in a list", { or: [{ and: [] }, { column: "owner", in: ["ada", "$user.email"] }] }],
    ["in a part of a text", { or: [{ and: [] }, { column: "owner", contains: "$user.email" }] }],
    ["under what is false", { not: { and: [{ or: [] }, { column: "owner", ne: "$user.email" }] } }],
  ])("that names a variable without a value %s matches no row", (_name, filter) => {
    expect(passing(filter)).toEqual([]);
    expect(passing(filter, { "$user.email": "ada" })).not.toEqual([]);
  });

  test("compares with the value of a variable", () => {
    expect(passing({ column: "owner", eq: "$user.email" }, { "$user.email": "ada" })).toEqual([
      "notes 1",
    ]);
    expect(passing({ column: "due", lt: "$now" })).toEqual(["notes 1"]);
    expect(passing({ column: "due", gt: "$now" })).toEqual([]);
  });

  test("writes a text that begins with $ with one more", () => {
    expect(passing({ column: "owner", eq: "$$now" })).toEqual(["notes 2"]);
    expect(passing({ column: "owner", startsWith: "$$" })).toEqual(["notes 2"]);
  });

  test("does not take the value of a variable for a variable", () => {
    expect(passing({ column: "owner", eq: "$user.email" }, { "$user.email": "$now" })).toEqual([
      "notes 2",
    ]);
  });

  test("whose column is gone matches no row, wherever it stands", () => {
    expect(passing({ or: [{ and: [] }, { column: "gone", isNull: true }] })).toEqual([]);
    expect(passing({ not: { column: "gone", eq: "a" } })).toEqual([]);
    expect(passing({ or: [{ and: [] }, { column: "owner", isNull: true }] })).toEqual(EVERY);
  });
});
