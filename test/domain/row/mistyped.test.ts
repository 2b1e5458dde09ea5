import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const METHODS = ["dataset::get", "row::get", "row::create", "row::update"];
const none = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" } as const;

let world: World;
let films: { id: string; rows: string[] };
let key: string;

/** Who reads title and rating, only sets note, and does not know of budget; options come from genres. */
beforeAll(async () => {
  world = await aWorld();
  const genres = await world.dataset({
    columns: [
      { name: "genre", type: "TEXT" },
      { name: "hidden", type: "TEXT" },
    ],
    rows: Array.from({ length: 21 }, (_, index) => ({
      genre: `genre ${String.fromCodePoint(97 + index)}`,
      hidden: `hidden ${index}`,
    })),
  });
  const made = await world.dataset({
    name: "films",
    columns: [
      { name: "title", type: "TEXT", editable: false },
      { name: "rating", type: "SELECT", options: ["G", "PG", "R"] },
      { name: "genre", type: "SELECT", optionsFrom: genres.columns["genre"] },
      { name: "mood", type: "SELECT", optionsFrom: genres.columns["hidden"] },
      { name: "note", type: "TEXT" },
      { name: "budget", type: "INTEGER" },
    ],
    rows: [{ title: "Alien" }],
  });
  films = made;
  key = await world.key({
    roles: [
      {
        permissions: METHODS,
        grants: [
          { datasetId: made.id, read: "ALLOW", create: "ALLOW", update: "ALLOW" },
          { datasetId: made.id, columnId: made.columns["budget"] ?? "", ...none },
          { datasetId: made.id, columnId: made.columns["note"] ?? "", read: "WITHHOLD" },
          { datasetId: genres.id, columnId: genres.columns["genre"] ?? "", read: "ALLOW" },
        ],
      },
    ],
  });
});

async function said(query: string, variables: object = {}): Promise<string[]> {
  const { errors } = await world.run(query, { key, variables: { id: films.id, ...variables } });
  return errors.map(({ message }) => message);
}

const READABLE = "Columns that you may read: title, rating, genre, mood.";

describe("a mistyped column", () => {
  test.each([
    ["a filter", `rows(filter: {column: "titel", eq: "x"}) { totalCount }`],
    ["an order", `rows(orderBy: [{column: "titel", direction: ASC}]) { totalCount }`],
    ["values", `rows { nodes { values(columns: ["titel"]) } }`],
    ["cell", `rows { nodes { cell(column: "titel") { value } } }`],
  ])("in %s is answered with what is alike and what may be read", async (_where, selection) => {
    const words = await said(`query ($id: ID!) { dataset(id: $id) { ${selection} } }`);
    expect(words).toEqual([`No column "titel". Did you mean "title"? ${READABLE}`]);
  });

  test("is never answered with one that the caller does not know or may not read", async () => {
    const words = await said(`query ($id: ID!) { dataset(id: $id) {
      a: rows(filter: {column: "budgett", eq: 1}) { totalCount }
      b: rows(filter: {column: "budget", eq: 1}) { totalCount }
      c: rows(filter: {column: "nota", eq: "x"}) { totalCount } } }`);
    expect(words).toEqual(
      ["budgett", "budget", "nota"].map((name) => `No column "${name}". ${READABLE}`),
    );
  });
});

interface Written {
  readonly errors: readonly { row: number; column: string; message: string }[];
}

async function faults(field: "createRows" | "updateRows", rows: readonly object[]) {
  const type = field === "createRows" ? "CreateRowsInput" : "UpdateRowsInput";
  const { errors } = await world.run(
    `mutation ($input: ${type}!) { ${field}(input: $input) { count } }`,
    { key, variables: { input: { datasetId: films.id, rows } } },
  );
  const [error] = errors as unknown as { extensions: Written }[];
  return error?.extensions.errors.map(({ row, column, message }) => [row, column, message]);
}

describe("a mistyped column of a row that is written", () => {
  test("is answered with what is alike and what may be set, once a call", async () => {
    const rows = [{ titel: "A" }, { titel: "B", budgett: 1 }, { budgett: 2 }];
    const settable = "Columns that you may set: title, rating, genre, mood, note.";
    expect(await faults("createRows", rows)).toEqual([
      [0, "titel", `No such column. Did you mean "title" or "note"? ${settable}`],
      [1, "titel", "No such column."],
      [1, "budgett", `No such column. ${settable}`],
      [2, "budgett", "No such column."],
    ]);
  });

  test("is answered with those that may still be changed", async () => {
    const [id] = films.rows;
    expect(await faults("updateRows", [{ id, values: { nota: "x", budget: 1 } }])).toEqual([
      [
        0,
        "nota",
        'No such column. Did you mean "note"? Columns that you may set: rating, genre, mood, note.',
      ],
      [0, "budget", "No such column. Columns that you may set: rating, genre, mood, note."],
    ]);
  });

  test("is explained ten times a call at most, however many there are", async () => {
    const names = Array.from({ length: 30 }, (_, index) => [`titel${index}`, "x"]);
    const found = (await faults("createRows", [Object.fromEntries(names)])) ?? [];
    expect(found).toHaveLength(30);
    expect(found.filter(([, , message]) => message !== "No such column.")).toHaveLength(10);
  });
});

describe("a value that is no option", () => {
  test("is answered with the options", async () => {
    expect(await faults("createRows", [{ rating: "X" }])).toEqual([
      [0, "rating", "Must be one of G, PG, R."],
    ]);
  });

  test("is answered with the values of the other column, twenty at most, that may be read there", async () => {
    const twenty = Array.from("abcdefghijklmnopqrst", (letter) => `genre ${letter}`).join(", ");
    expect(await faults("createRows", [{ genre: "genre u" }, { genre: "polka" }])).toEqual([
      [1, "genre", `Must be one of ${twenty}, ….`],
    ]);
  });

  test("is answered with none of those that may not be read there", async () => {
    const words = "Not one of the values offered: there are none that you may read.";
    expect(await faults("createRows", [{ mood: "hidden 1" }, { mood: "polka" }])).toEqual([
      [0, "mood", words],
      [1, "mood", "Not one of the options."],
    ]);
  });
});

test("an operator that is not of the column's type is answered with those that are", async () => {
  const { id } = await world.dataset({ columns: [{ name: "gross", type: "INTEGER" }] });
  const { errors } = await world.run(
    `query ($id: ID!) { dataset(id: $id) { rows(filter: {column: "gross", contains: "1"}) { totalCount } } }`,
    { variables: { id } },
  );
  expect(errors[0]?.message).toBe(
    "contains is for TEXT and SELECT columns; gross is INTEGER, for which there are eq, ne, lt, le, gt, ge, in and isNull.",
  );
});

test("an operator that there is not is answered with those that there are", async () => {
  const words = await said(
    `query ($id: ID!) { dataset(id: $id) { rows(filter: {column: "title", like: "x"}) { totalCount } } }`,
  );
  expect(words).toEqual([
    'Field "like" is not defined by type "RowFilter". Did you mean "le"? RowFilter has and, column, contains, endsWith, eq, ge, gt, in, isNull, le, lt, ne, not, or, startsWith.',
  ]);
});

test("mistyped permissions and key columns are answered with what is alike", async () => {
  const { errors } = await world.run(
    `mutation { createRole(input: {name: "Bad name", permissions: ["row::gett", "custom::A b"]}) { role { id } }
       createDataset(input: {name: "x", columns: [{name: "code", type: TEXT}], keyColumns: ["cod"]}) { dataset { id } } }`,
  );
  expect(errors.map(({ message }) => message)).toEqual([
    'name is a lower-case letter, then up to 62 lower-case letters, digits or underscores: [a-z][a-z0-9_]{0,62}. There is no permission "row::gett". Did you mean "row::get", "role::get", or "key::get"? `permissions` lists them all. "custom::A b" is no permission: after custom:: come 1 to 128 of a-z, 0-9, _, ., : and -.',
    'keyColumns: No column has the name "cod". Did you mean "code"?',
  ]);
});
