import { describe, expect, test } from "vitest";
import { column, scene, table } from "./by-hand.ts";
import type { Caller, Cell, Filter, Row, User } from "./model.ts";
import { letsThrough } from "./row-filter.ts";
import { asCellOf, variablesOf } from "./variables.ts";

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

describe("a variable of a user", () => {
  const TYPES = ["TEXT", "INTEGER", "DECIMAL", "BOOLEAN", "DATE", "DATETIME", "SELECT"] as const;
  const ADA: User = {
    id: "user_1",
    email: "ada@example.com",
    address: "PROVED",
    attributes: { size: 7, flag: true, since: "2024-01-01" },
    isService: false,
  };
  const KEY: Caller = {
    name: "ada",
    isPublic: false,
    isPublishable: false,
    roles: [],
    variables: {},
  };
  const of = (user: User) => variablesOf({ now: "" }, { ...KEY, user });

  test("is what it is, where it has one", () => {
    expect(of(ADA)).toEqual({
      $now: "",
      "$user.id": "user_1",
      "$user.email": "ada@example.com",
      "$user.size": 7,
      "$user.flag": true,
      "$user.since": "2024-01-01",
    });
    expect(of({ ...ADA, attributes: {} })).not.toHaveProperty(["$user.size"]);
    expect(of({ ...ADA, address: "UNVERIFIED" })).not.toHaveProperty(["$user.email"]);
    expect(variablesOf({ now: "" }, KEY)).toEqual({ $now: "" });
  });

  test.each<[Cell, string]>([
    [7, "TEXT INTEGER DECIMAL SELECT"],
    ["1.50", "TEXT DECIMAL SELECT"],
    [true, "TEXT BOOLEAN SELECT"],
    ["2024-01-01", "TEXT DATE SELECT"],
    ["2024-01-01T00:00:00Z", "TEXT DATETIME SELECT"],
    ["ab", "TEXT SELECT"],
    [null, ""],
  ])("of the value %s is a cell of some columns and none of the others", (value, types) => {
    const fitting = TYPES.filter((type) => asCellOf(type, value) !== null);
    expect(fitting.join(" ")).toBe(types);
  });
});
