import { describe, expect, test } from "vitest";
import { aboutDataset } from "./about-dataset.ts";
import { ALL, column, type Gives, READS, scene, table, withLink } from "./by-hand.ts";
import type { Dataset, Scene } from "./model.ts";
import { narrowed } from "./narrowing.ts";
import {
  cellAnswer,
  hiddenColumns,
  knowsDataset,
  knowsPlace,
  readableCells,
  readableTargets,
  seesRow,
} from "./sight.ts";

const FILMS = table(
  "films",
  [
    column("title", "TEXT"),
    column("gross", "INTEGER", { whenDenied: "NULL" }),
    column("secret", "TEXT", { whenDenied: "ERROR" }),
  ],
  [
    { title: "one", gross: 1, secret: "s" },
    { title: "two", gross: 2, secret: "t" },
  ],
);

const ONLY_FIRST = { READ: { column: "title", eq: "one" } };
const ONLY_SECOND = { READ: { column: "title", eq: "two" } };

const read = (before: Scene) =>
  before.dataset.rows.map((row) => (seesRow(before, row) ? readableCells(before, row) : null));

const films = (...roles: Gives[]) => scene([FILMS], roles);

describe("a cell", () => {
  test("is read if one role gives both its row and its column", () => {
    const titles: Gives = { places: { title: { READ: "ALLOW" } }, where: ONLY_FIRST };
    expect(read(films(titles))).toEqual([{ title: "one" }, null]);
  });

  test("is not read by the row of one role and the column of another", () => {
    const titles: Gives = { places: { title: { READ: "ALLOW" } }, where: ONLY_FIRST };
    const grosses: Gives = { places: { gross: { READ: "ALLOW" } }, where: ONLY_SECOND };
    expect(read(films(titles, grosses))).toEqual([{ title: "one" }, { gross: 2 }]);
  });

  test("is read in every row that some role gives with it", () => {
    const first: Gives = { on: { READ: "ALLOW" }, where: ONLY_FIRST };
    const second: Gives = { on: { READ: "ALLOW" }, where: ONLY_SECOND };
    expect(read(films(first, second))).toEqual(FILMS.rows.map(({ cells }) => cells));
  });

  test("that a role withholds, another may give", () => {
    const withholds: Gives = { on: { READ: "ALLOW" }, places: { title: { READ: "WITHHOLD" } } };
    expect(read(films(withholds))[0]).toEqual({ gross: 1, secret: "s" });
    expect(read(films(withholds, READS))[0]).toEqual(FILMS.rows[0]?.cells);
  });
});

describe("a row filter", () => {
  test.each<[string, Gives]>([
    ["a grant", { on: { READ: "ALLOW" } }],
    ["a role's default", { defaults: ["READ"] }],
    [
      "column grants",
      { places: { title: { READ: "ALLOW" }, gross: { READ: "ALLOW" }, secret: { READ: "ALLOW" } } },
    ],
  ])("holds whether the right comes from %s", (_name, gives) => {
    expect(read(films({ ...gives, where: ONLY_FIRST }))).toEqual([FILMS.rows[0]?.cells, null]);
    expect(read(films(gives))).toEqual(FILMS.rows.map(({ cells }) => cells));
  });

  test("is judged on the true values, whether or not they may be read", () => {
    const gives: Gives = {
      places: { title: { READ: "ALLOW" } },
      where: { READ: { column: "secret", eq: "s" } },
    };
    expect(read(films(gives))).toEqual([{ title: "one" }, null]);
  });

  test("of one action says nothing of another", () => {
    const gives: Gives = {
      on: { READ: "ALLOW" },
      where: { UPDATE: { column: "title", eq: "one" } },
    };
    expect(read(films(gives))).toEqual(FILMS.rows.map(({ cells }) => cells));
  });
});

describe("a row", () => {
  test("is seen with one of its columns at least", () => {
    const none = { READ: "WITHHOLD" } as const;
    const gives: Gives = { on: { READ: "ALLOW" }, places: { title: none, gross: none } };
    expect(read(films(gives))[0]).toEqual({ secret: "s" });
    const nothing = { ...gives, places: { ...gives.places, secret: none } };
    expect(read(films(nothing))).toEqual([null, null]);
    expect(knowsDataset(films(nothing))).toBe(true);
  });

  test("names the columns that are known and hidden in it", () => {
    const gives: Gives = {
      places: { title: { READ: "ALLOW" }, gross: { UPDATE: "ALLOW" } },
    };
    const before = films(gives);
    expect(before.dataset.rows.map((row) => hiddenColumns(before, row))).toEqual([
      ["gross"],
      ["gross"],
    ]);
  });

  test("hides in one row what is read in another", () => {
    const before = films(
      { places: { title: { READ: "ALLOW" } } },
      { places: { gross: { READ: "ALLOW" } }, where: ONLY_FIRST },
    );
    expect(before.dataset.rows.map((row) => hiddenColumns(before, row))).toEqual([[], ["gross"]]);
  });
});

describe("what is known", () => {
  test("does not depend on rows", () => {
    const gives: Gives = { on: { READ: "ALLOW" }, where: { READ: { or: [] } } };
    expect(knowsPlace(films(gives), "title")).toBe(true);
    expect(read(films(gives))).toEqual([null, null]);
  });

  test("is what some role gives any action on", () => {
    const before = films({ places: { title: { CREATE: "ALLOW" } } });
    expect(aboutDataset(before)).toEqual({
      canRead: false,
      canCreate: true,
      canUpdate: false,
      canDelete: false,
      columns: [{ name: "title", canRead: false, canCreate: true, canUpdate: false }],
      links: [],
    });
    expect(aboutDataset(films({}))).toBeNull();
  });

  test("is a right on the dataset alone where the action is DELETE", () => {
    const before = films({ on: { DELETE: "ALLOW" } });
    expect(aboutDataset(before)).toMatchObject({ canDelete: true, canRead: false, columns: [] });
  });
});

describe("a denied cell", () => {
  const gives: Gives = {
    on: { UPDATE: "ALLOW" },
    places: { title: { READ: "ALLOW", UPDATE: "WITHHOLD" } },
  };
  const before = films(gives);
  const [row] = FILMS.rows;

  test.each([
    ["gross", "a value that is null", { is: "CELL", value: null }],
    ["secret", "an error", { is: "ERROR", code: "FORBIDDEN" }],
    ["title", "its value, being given", { is: "CELL", value: "one" }],
    ["nope", "as a column that does not exist", { is: "ERROR", code: "BAD_USER_INPUT" }],
  ])("of %s answers %s", (name, _says, answer) => {
    expect(row && cellAnswer(before, row, name)).toEqual(answer);
  });

  test("answers nothing if the column says nothing else", () => {
    const other = films({ places: { gross: { READ: "ALLOW" }, title: { CREATE: "ALLOW" } } });
    expect(row && cellAnswer(other, row, "title")).toEqual({ is: "NOTHING" });
    expect(row && cellAnswer(other, row, "secret")).toEqual({
      is: "ERROR",
      code: "BAD_USER_INPUT",
    });
  });
});

describe("a link", () => {
  const people = table("people", [column("name", "TEXT")], [{ name: "ada" }, { name: "bob" }]);
  const link = { name: "cast", target: "people", isMany: true };
  const linked = withLink(FILMS, link, [["people 1", "people 2"], ["people 2"]]);

  const asked = (gives: Gives, onPeople: Gives) => {
    const before = scene([linked, people], [gives]);
    const there = scene([people, linked], [{ ...onPeople, name: "there" }]);
    const world = { ...before.world, roles: [...before.world.roles, ...there.world.roles] };
    const roles = world.roles.map(({ name }) => name);
    return { ...before, world, caller: { ...before.caller, roles } };
  };
  const targets = (before: Scene) =>
    linked.rows.map((row) => readableTargets(before, row, "cast")?.map(({ id }) => id) ?? null);

  test("leaves out targets that the caller does not see", () => {
    const onAda: Gives = { on: { READ: "ALLOW" }, where: { READ: { column: "name", eq: "ada" } } };
    expect(targets(asked(READS, onAda))).toEqual([["people 1"], []]);
    expect(targets(asked(READS, READS))).toEqual([["people 1", "people 2"], ["people 2"]]);
    expect(targets(asked(READS, {}))).toEqual([[], []]);
  });

  test("is readable like any cell", () => {
    const gives: Gives = { places: { cast: { READ: "ALLOW" } }, where: ONLY_FIRST };
    const before = asked(gives, READS);
    expect(targets(before)).toEqual([["people 1", "people 2"], null]);
    expect(read(before)).toEqual([{}, null]);
  });
});

describe("a caller", () => {
  const open: Dataset = { ...FILMS, accessLevel: "OPEN" };

  test("without a credential reads what is OPEN, unless that is withheld", () => {
    const withholds: Gives = { name: "anonymous", places: { secret: { READ: "WITHHOLD" } } };
    const visitor = { isPublic: true };
    expect(read(scene([open], [withholds], visitor))[0]).toEqual({ title: "one", gross: 1 });
    expect(read(scene([FILMS], [{ ...READS }], visitor))[0]).toBeNull();
    expect(read(scene([open], [withholds]))[0]).toBeNull();
  });

  test("without a credential reads the rows that the anonymous role's filter lets through", () => {
    const filtered: Gives = { name: "anonymous", where: ONLY_SECOND };
    expect(read(scene([open], [filtered], { isPublic: true }))).toEqual([
      null,
      FILMS.rows[1]?.cells,
    ]);
  });

  test("whose key is publishable holds READ rights only", () => {
    const before = scene([FILMS], [ALL], { isPublishable: true });
    expect(aboutDataset(before)).toMatchObject({
      canRead: true,
      canCreate: false,
      canUpdate: false,
      canDelete: false,
    });
    expect(aboutDataset(films(ALL))).toMatchObject({ canDelete: true });
  });

  test("who names a role that it lacks has none", () => {
    const { world, caller } = films({ name: "a" }, { name: "b" });
    expect(narrowed(world, caller, ["a"]).roles).toEqual(["a"]);
    expect(narrowed(world, caller, ["a", "c"]).roles).toEqual([]);
  });
});
