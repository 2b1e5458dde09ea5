import { describe, expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const COLUMNS = [
  { name: "code", type: "TEXT", unique: true, required: true },
  { name: "amount", type: "INTEGER", min: "0", default: 7 },
  { name: "note", type: "TEXT", maxLength: 5 },
  { name: "fixed", type: "TEXT", editable: false },
  { name: "kind", type: "SELECT", options: ["small", "large"] },
];

const CREATE = `mutation ($input: CreateRowsInput!) {
  createRows(input: $input) { count rows { id version values } results { index id faults { column code } } }
}`;
const UPDATE = `mutation ($input: UpdateRowsInput!) {
  updateRows(input: $input) { count rows { version values createdBy updatedBy } results { index faults { code currentVersion } } }
}`;
const DELETE = `mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { count rows { id } } }`;

interface Fault {
  row: number;
  column: string | null;
  code: string;
  message: string;
  currentVersion?: number;
}

describe("creating rows", async () => {
  const world = await aWorld();

  test("fills defaults and leaves null what is set to null", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const rows = [{ code: "a" }, { code: "b", amount: null }];
    const { createRows } = await world.ask<Created>(CREATE, input({ datasetId: id, rows }));
    expect(createRows.rows.map(({ values, version }) => [values["amount"], version])).toEqual([
      [7, 1],
      [null, 1],
    ]);
  });

  test("lists the options of a column once in a call, however many rows miss them", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const rows = ["a", "b", "c"].map((code) => ({ code, kind: "medium" }));
    const { errors } = await world.run(CREATE, input({ datasetId: id, rows }));
    const faults = errors[0]?.extensions["errors"] as { message: string }[];
    expect(faults.map(({ message }) => message)).toEqual([
      "Must be one of small, large.",
      "Not one of the options.",
      "Not one of the options.",
    ]);
  });

  test("names every fault of every row, and writes nothing", async () => {
    const { id } = await world.dataset({ columns: COLUMNS, rows: [{ code: "taken" }] });
    const rows = [
      { code: "good" },
      { amount: -1, note: "too long", kind: "medium", nope: 1 },
      { code: "taken", amount: "x" },
      { code: "twice" },
      { code: "twice" },
      "no row",
      { code: 5, amount: 1.5 },
    ];
    const { errors, data } = await world.run(CREATE, input({ datasetId: id, rows }));
    expect(data).toEqual({ createRows: null });
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    const faults = errors[0]?.extensions["errors"] as Fault[];
    expect(faults.map(({ row, column, code }) => `${row} ${column} ${code}`).toSorted()).toEqual([
      "1 amount OUT_OF_RANGE",
      "1 code REQUIRED",
      "1 kind NOT_AN_OPTION",
      "1 nope UNKNOWN_COLUMN",
      "1 note TOO_LONG",
      "2 amount WRONG_TYPE",
      "2 code NOT_UNIQUE",
      "4 code NOT_UNIQUE",
      "5 code REQUIRED",
      "5 null WRONG_TYPE",
      "6 amount WRONG_TYPE",
      "6 code WRONG_TYPE",
    ]);
    expect(await codes(world, id)).toEqual(["taken"]);
  });

  test("names fifty unknown columns of a row, and how many more there are", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const unknown = Object.fromEntries(Array.from({ length: 55 }, (_, at) => [`nope${at}`, 1]));
    const rows = [{ code: "a", ...unknown }];
    const { errors } = await world.run(CREATE, input({ datasetId: id, rows }));
    const faults = errors[0]?.extensions["errors"] as Fault[];
    expect(errors[0]?.message).toContain("51 faults");
    expect(faults.at(-1)).toMatchObject({ column: null, message: "5 more names are no columns." });
    expect(faults.at(-2)).toMatchObject({ code: "UNKNOWN_COLUMN" });
    expect(await codes(world, id)).toEqual([]);
  });

  test("keeps the good part when asked to", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const rows = [{ code: "a" }, { code: "b", amount: "x" }, { code: "c" }];
    const asked = input({ datasetId: id, rows, onFault: "SKIP_ROW" });
    const { createRows } = await world.ask<Created>(CREATE, asked);
    expect(createRows.count).toBe(2);
    expect(createRows.results.map(({ faults }) => faults.map(({ code }) => code))).toEqual([
      [],
      ["WRONG_TYPE"],
      [],
    ]);
    expect(createRows.results[1]?.id).toBeNull();
    expect(await codes(world, id)).toEqual(["a", "c"]);
  });

  test("takes 10,000 rows at once and no more", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ code: `c${index}` }));
    const many = `mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`;
    expect(await world.ask(many, input({ datasetId: id, rows }))).toEqual({
      createRows: { count: 10_000 },
    });
    const { errors } = await world.run(many, input({ datasetId: id, rows: [...rows, {}] }));
    expect(errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
  });

  test("lets 8 writers of the same unique values leave each value once", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const rows = Array.from({ length: 20 }, (_, index) => ({ code: `c${index}` }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.run(CREATE, input({ datasetId: id, rows }))),
    );
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    for (const { errors } of answers) {
      expect(["BAD_USER_INPUT", undefined]).toContain(errors[0]?.extensions.code);
    }
    expect(await codes(world, id)).toHaveLength(20);
  });
});

describe("updating rows", async () => {
  const world = await aWorld();

  test("changes what is named, counts the version and says who it was", async () => {
    const { id, rows } = await world.dataset({
      columns: COLUMNS,
      rows: [{ code: "a", note: "n" }],
    });
    const editor = await world.keyWithId({
      roles: [{ permissions: ["row::update", "row::get"], canRead: true, canUpdate: true }],
    });
    const asked = { id: rows[0], values: { amount: 9 } };
    const { data } = await world.run<Updated>(UPDATE, {
      ...input({ datasetId: id, rows: [asked] }),
      key: editor.secret,
    });
    expect(data?.updateRows.rows[0]).toMatchObject({
      version: 2,
      values: { code: "a", amount: 9, note: "n" },
      updatedBy: editor.id,
    });
    expect(data?.updateRows.rows[0]?.createdBy).not.toBe(editor.id);
  });

  test("refuses a stale write with the version that is", async () => {
    const { id, rows } = await world.dataset({ columns: COLUMNS, rows: [{ code: "a" }] });
    const [row] = rows;
    const write = (expectedVersion: number, amount: number) =>
      world.run(
        UPDATE,
        input({ datasetId: id, rows: [{ id: row, expectedVersion, values: { amount } }] }),
      );
    const answers = await Promise.all([write(1, 10), write(1, 20)]);
    const refused = answers.filter(({ errors }) => errors.length > 0);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.errors[0]?.extensions).toMatchObject({
      code: "CONFLICT",
      errors: [{ row: 0, code: "CONFLICT", currentVersion: 2 }],
    });
  });

  test("refuses columns that are not editable, rows that are not there, and rows named twice", async () => {
    const { id, rows } = await world.dataset({
      columns: COLUMNS,
      rows: [{ code: "a", fixed: "f" }],
    });
    const asked = [
      { id: rows[0], values: { fixed: "other" } },
      { id: rows[0], values: { amount: 1 } },
      { id: "row_00000000000070008000000000000000", values: { amount: 1 } },
      { id: "nonsense", values: {} },
    ];
    const { errors } = await world.run(UPDATE, input({ datasetId: id, rows: asked }));
    const faults = errors[0]?.extensions["errors"] as Fault[];
    expect(faults.map(({ row, code }) => `${row} ${code}`)).toEqual([
      "0 NOT_EDITABLE",
      "1 REPEATED",
      "2 NOT_FOUND",
      "3 NOT_FOUND",
    ]);
  });

  test("moves unique values on to free ones and refuses taken ones", async () => {
    const { id, rows } = await world.dataset({
      columns: COLUMNS,
      rows: [{ code: "a" }, { code: "b" }],
    });
    const taken = await world.run(
      UPDATE,
      input({ datasetId: id, rows: [{ id: rows[0], values: { code: "b" } }] }),
    );
    expect(taken.errors[0]?.extensions).toMatchObject({ errors: [{ code: "NOT_UNIQUE" }] });
    await world.ask(
      UPDATE,
      input({ datasetId: id, rows: [{ id: rows[0], values: { code: "free" } }] }),
    );
    expect(await codes(world, id)).toEqual(["b", "free"]);
  });
});

describe("a key of two columns", async () => {
  const world = await aWorld();
  const columns = [
    { name: "shop", type: "TEXT" },
    { name: "number", type: "INTEGER" },
  ];
  const rows = [
    { shop: "a", number: 1 },
    { shop: "a", number: 2 },
    { shop: "b", number: 1 },
  ];

  test("is kept by an update of one of them, and the fault is named", async () => {
    const made = await world.dataset({ columns, keyColumns: ["shop", "number"], rows });
    const update = (number: number) =>
      world.run(
        UPDATE,
        input({ datasetId: made.id, rows: [{ id: made.rows[0], values: { number } }] }),
      );
    expect((await update(2)).errors[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ row: 0, column: "shop, number", code: "NOT_UNIQUE" }],
    });
    expect((await update(3)).errors).toEqual([]);
  });
});

describe("the size of a row", async () => {
  const world = await aWorld();
  const names = ["a", "b", "c", "d", "e"];
  const columns = names.map((name) => ({ name, type: "TEXT" }));

  test("counts what an update leaves as it is", async () => {
    const { id, rows } = await world.dataset({ columns, rows: [filled(names.slice(0, 4))] });
    const update = (values: object) =>
      world.run(UPDATE, input({ datasetId: id, rows: [{ id: rows[0], values }] }));
    const grown = await update(filled(["e"]));
    expect(grown.errors[0]?.extensions).toMatchObject({ errors: [{ code: "TOO_LARGE" }] });
    expect((await update({ ...filled(["e"]), a: null })).errors).toEqual([]);
  });

  test("is bounded for a new row too", async () => {
    const { id } = await world.dataset({ columns });
    const made = await world.run(CREATE, input({ datasetId: id, rows: [filled(names)] }));
    expect(made.errors[0]?.extensions).toMatchObject({ errors: [{ code: "TOO_LARGE" }] });
  });
});

describe("deleting rows", async () => {
  const world = await aWorld();

  test("deletes all or none", async () => {
    const { id, rows } = await world.dataset({
      columns: COLUMNS,
      rows: [{ code: "a" }, { code: "b" }],
    });
    const missing = { id: "row_00000000000070008000000000000000" };
    const both = await world.run(
      DELETE,
      input({ datasetId: id, rows: [{ id: rows[0] }, missing] }),
    );
    expect(both.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(await codes(world, id)).toEqual(["a", "b"]);
    const stale = await world.run(
      DELETE,
      input({ datasetId: id, rows: [{ id: rows[0], expectedVersion: 5 }] }),
    );
    expect(stale.errors[0]?.extensions.code).toBe("CONFLICT");
    const done = await world.ask(DELETE, input({ datasetId: id, rows: [{ id: rows[0] }] }));
    expect(done).toEqual({ deleteRows: { count: 1, rows: [null] } });
    expect(await codes(world, id)).toEqual(["b"]);
  });
});

function filled(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, "x".repeat(60_000)]));
}

function input(asked: object) {
  return { variables: { input: asked } };
}

async function codes(world: World, id: string): Promise<string[]> {
  const { dataset } = await world.ask<{
    dataset: { rows: { nodes: { values: { code: string } }[] } };
  }>(
    `query ($id: ID!) { dataset(id: $id) { rows(first: 10000, orderBy: [{ column: "code", direction: ASC }]) { nodes { values } } } }`,
    { variables: { id } },
  );
  return dataset.rows.nodes.map(({ values }) => values.code);
}

interface Created {
  createRows: {
    count: number;
    rows: { id: string; version: number; values: Record<string, unknown> }[];
    results: { id: string | null; faults: { code: string }[] }[];
  };
}

interface Updated {
  updateRows: {
    rows: { version: number; values: object; createdBy: string; updatedBy: string }[];
  };
}
