import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";
import { UPDATE_COLUMN, VALUES } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});

const update = (input: object, key?: string) =>
  world.run(UPDATE_COLUMN, { variables: { input }, ...(key !== undefined && { key }) });

/** A dataset of one column `a` with these cells. */
const holding = async (column: object, cells: readonly unknown[]) => {
  const { id, columns } = await world.dataset({
    columns: [{ name: "a", ...column }],
    rows: cells.map((a) => ({ a })),
  });
  return { id, column: columns["a"] ?? "" };
};

const cellsOf = async (id: string, name = "a") => {
  const { dataset } = await world.ask<{
    dataset: { rows: { nodes: { values: Record<string, unknown> }[] } };
  }>(VALUES, { variables: { id } });
  return dataset.rows.nodes.map(({ values }) => values[name]);
};

describe("updating a column", () => {
  test("changes what is given and clears what is null", async () => {
    const { id, column } = await holding({ type: "INTEGER", min: 1, max: 9, default: 5 }, [3]);
    const { data } = await update({ id: column, name: "b", label: "B", min: null, default: 7 });
    expect(data).toMatchObject({
      updateColumn: {
        column: { name: "b", label: "B", type: "INTEGER", min: null, max: 9, default: 7 },
        dataset: { version: 2 },
      },
    });
    expect(await cellsOf(id, "b")).toStrictEqual([3]);
  });

  test("at once in several ways leaves every one of them done", async () => {
    const { id, column } = await holding({ type: "TEXT" }, []);
    const changes = [
      { label: "L" },
      { description: "D" },
      { default: "x" },
      { maxLength: 9 },
      { editable: false },
      { pattern: "x*" },
    ];
    await Promise.all(changes.map((change) => update({ id: column, ...change })));
    expect(
      await world.ask(
        `{ dataset(id: "${id}") {
             version columns { label description default maxLength editable pattern }
           } }`,
      ),
    ).toStrictEqual({ dataset: { version: 7, columns: [Object.assign({}, ...changes)] } });
  });

  test("is refused where the rules then contradict each other, or the name is taken", async () => {
    const { columns } = await world.dataset({
      columns: [
        { name: "a", type: "INTEGER", min: 1, max: 9 },
        { name: "b", type: "TEXT" },
      ],
    });
    const { errors } = await update({ id: columns["a"], name: "b", max: 0 });
    expect(errors[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field: "min" }, { field: "name" }],
    });
  });

  test("that is a key keeps it required", async () => {
    const input = { columns: [{ name: "a", type: "TEXT" }], keyColumns: ["a"] };
    const { columns } = await world.dataset(input);
    const { errors } = await update({ id: columns["a"], required: false });
    expect(errors[0]?.extensions).toMatchObject({ errors: [{ field: "required" }] });
  });

  test("makes it required or unique only where its cells are so", async () => {
    const sparse = await holding({ type: "TEXT" }, ["x", null]);
    const repeated = await holding({ type: "TEXT" }, ["x", "x"]);
    expect(
      (await update({ id: sparse.column, required: true })).errors[0]?.extensions,
    ).toMatchObject({ code: "BAD_USER_INPUT", errors: [{ field: "required" }] });
    expect(
      (await update({ id: repeated.column, unique: true })).errors[0]?.extensions,
    ).toMatchObject({ code: "BAD_USER_INPUT", errors: [{ field: "unique" }] });
    expect((await update({ id: sparse.column, unique: true })).errors).toStrictEqual([]);
    expect((await update({ id: repeated.column, required: true })).errors).toStrictEqual([]);
    expect(
      (await update({ id: sparse.column, unique: false, indexed: true })).errors,
    ).toStrictEqual([]);
  });

  test("refuses an index over a text too long for one", async () => {
    const long = Array.from({ length: 9_000 }, () => Math.random().toString(36).slice(2, 3)).join(
      "",
    );
    const { column } = await holding({ type: "TEXT" }, [long]);
    expect((await update({ id: column, indexed: true })).errors[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field: "indexed" }],
    });
  });

  test("tells nothing of its cells to those who do not read all of them", async () => {
    const questions = [
      { required: true },
      { unique: true },
      { indexed: true },
      { tellsTaken: true },
      { type: "INTEGER" },
    ];
    const fitting = await holding({ type: "TEXT" }, ["1"]);
    const unfitting = await holding({ type: "TEXT" }, ["x", "x", null]);
    const permissions = ["column::update"];
    const key = await world.key({ roles: [{ permissions, canUpdate: true }] });
    for (const question of questions) {
      for (const { column } of [fitting, unfitting]) {
        // eslint-disable-next-line no-await-in-loop
        const { errors } = await update({ id: column, ...question }, key);
        expect(errors[0]?.extensions).toMatchObject({
          code: "FORBIDDEN",
          missing: { gate: "DATA" },
        });
      }
    }
    const reader = await world.key({ roles: [{ permissions, canRead: true }] });
    const { errors } = await update({ id: fitting.column, type: "INTEGER" }, reader);
    expect(errors.map(({ extensions }) => extensions["missing"])).toStrictEqual([
      { gate: "PERMISSION", name: "dataset::get" },
      { gate: "PERMISSION", name: "dataset::get" },
    ]);
    expect(await cellsOf(fitting.id)).toStrictEqual([1]);
  });

  test("of a column that the caller does not know is like one that never was", async () => {
    const { column } = await holding({ type: "TEXT" }, []);
    const key = await world.key({ roles: [{ permissions: ["column::update"] }] });
    const ids = [column, `column_${"0".repeat(32)}`, "x"];
    const answers = await Promise.all(ids.map((id) => update({ id, label: "x" }, key)));
    expect(answers[0]?.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const reader = await world.key({ roles: [{ canRead: true }] });
    expect((await update({ id: column, label: "x" }, reader)).errors[0]?.extensions).toMatchObject({
      missing: { gate: "PERMISSION", name: "column::update" },
    });
  });
});

describe("options", () => {
  test("may change from fixed ones to those of a column, and back", async () => {
    const source = await holding({ type: "TEXT" }, ["p", "q"]);
    const { column } = await holding({ type: "SELECT", options: ["x"] }, ["x"]);
    const options = async (change: object) =>
      (await update({ id: column, ...change })).data?.["updateColumn"];
    expect(await options({ optionsFrom: source.column })).toMatchObject({
      column: { options: ["p", "q"] },
    });
    expect(await options({ label: "kept" })).toMatchObject({ column: { options: ["p", "q"] } });
    expect(await options({ options: ["y"] })).toMatchObject({ column: { options: ["y"] } });
    expect(await options({ label: "kept" })).toMatchObject({ column: { options: ["y"] } });
  });

  test("do not come from the column itself", async () => {
    const { column } = await holding({ type: "SELECT", options: ["x"] }, []);
    const { errors } = await update({ id: column, optionsFrom: column });
    expect(errors[0]?.extensions).toMatchObject({ errors: [{ field: "optionsFrom" }] });
  });

  test("keep the type of the column that they come from", async () => {
    const source = await holding({ type: "TEXT" }, ["1"]);
    await holding({ type: "SELECT", optionsFrom: source.column }, []);
    const { errors } = await update({ id: source.column, type: "INTEGER" });
    expect(errors[0]?.extensions).toMatchObject({
      code: "CONFLICT",
      namedBy: [{ kind: "OPTIONS" }],
    });
  });
});

describe("a change of type", () => {
  test.each<[string, string, unknown[], unknown[], object]>([
    ["TEXT", "INTEGER", ["1", "-20", null], [1, -20, null], {}],
    ["TEXT", "DECIMAL", ["1.50", "0"], ["1.50", "0"], {}],
    ["TEXT", "BOOLEAN", ["true", "false"], [true, false], {}],
    ["TEXT", "DATE", ["2024-02-29"], ["2024-02-29"], {}],
    ["TEXT", "DATETIME", ["2024-02-29T12:00+01:00"], ["2024-02-29T11:00:00.000Z"], {}],
    ["TEXT", "JSON", ['{"a":[1,null]}', '"x"'], [{ a: [1, null] }, "x"], {}],
    ["TEXT", "SELECT", ["x", "y"], ["x", "y"], { options: ["x", "y", "z"] }],
    ["INTEGER", "TEXT", [1, "9223372036854775807"], ["1", "9223372036854775807"], {}],
    ["INTEGER", "DECIMAL", [7], ["7"], {}],
    ["DECIMAL", "INTEGER", ["7.00"], [7], {}],
    ["DATE", "DATETIME", ["2024-02-29"], ["2024-02-29T00:00:00.000Z"], {}],
    ["DATETIME", "DATE", ["2024-02-29T00:00:00Z"], ["2024-02-29"], {}],
    ["DATETIME", "TEXT", ["2024-02-29T00:00:00Z"], ["2024-02-29T00:00:00.000Z"], {}],
    ["BOOLEAN", "JSON", [true], [true], {}],
    ["DATE", "JSON", ["2024-02-29"], ["2024-02-29"], {}],
    ["JSON", "TEXT", [{ a: 1 }, "x", 2], ['{"a": 1}', "x", "2"], {}],
    ["JSON", "INTEGER", [12, "13"], [12, 13], {}],
  ])("from %s to %s keeps every value", async (...[type, becomes, before, after, rules]) => {
    const { id, column } = await holding({ type, indexed: type !== "JSON" }, before);
    const indexed = becomes === "JSON" ? { indexed: false } : {};
    const { errors } = await update({ id: column, type: becomes, ...rules, ...indexed });
    expect(errors).toStrictEqual([]);
    expect(await cellsOf(id)).toStrictEqual(after);
  });

  test.each<[string, string, unknown, object]>([
    ["TEXT", "INTEGER", "1.5", {}],
    ["TEXT", "INTEGER", " 1", {}],
    ["TEXT", "INTEGER", "9223372036854775808", {}],
    ["TEXT", "DECIMAL", "NaN", {}],
    ["TEXT", "BOOLEAN", "on", {}],
    ["TEXT", "DATE", "infinity", {}],
    ["TEXT", "DATE", "2023-02-29", {}],
    ["TEXT", "DATETIME", "2024-02-29T12:00", {}],
    ["TEXT", "JSON", "{", {}],
    ["TEXT", "JSON", "[1e99999]", {}],
    ["TEXT", "JSON", "[".repeat(100) + "]".repeat(100), {}],
    ["TEXT", "SELECT", "other", { options: ["x"] }],
    ["DECIMAL", "INTEGER", "7.01", {}],
    ["DATETIME", "DATE", "2024-02-29T00:00:01Z", {}],
    ["BOOLEAN", "INTEGER", true, {}],
  ])("from %s to %s is refused for %j, and changes nothing", async (type, becomes, cell, rules) => {
    const { id, column } = await holding({ type }, [null, cell]);
    const { errors } = await update({ id: column, type: becomes, ...rules });
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    const { dataset } = await world.ask<{ dataset: object }>(
      `{ dataset(id: "${id}") { version columns { type } } }`,
    );
    expect(dataset).toStrictEqual({ version: 1, columns: [{ type }] });
    expect((await cellsOf(id)).length).toBe(2);
  });

  test("clears the rules of the type that was, and keeps its indexes and its key", async () => {
    const input = {
      columns: [
        { name: "a", type: "TEXT", maxLength: 3, default: "1", unique: true, indexed: true },
      ],
      keyColumns: ["a"],
      rows: [{ a: "1" }, { a: "2" }],
    };
    const { id, columns } = await world.dataset(input);
    const { data } = await update({ id: columns["a"], type: "INTEGER" });
    expect(data).toMatchObject({
      updateColumn: { column: { maxLength: null, default: null, unique: true, indexed: true } },
    });
    const rows = await world.run(
      `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
      { variables: { input: { datasetId: id, rows: [{ a: 2 }] } } },
    );
    expect(rows.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(
      await world.ask(
        `{ dataset(id: "${id}") { rows(filter: { column: "a", gt: 1 }) { nodes { values } } } }`,
      ),
    ).toStrictEqual({ dataset: { rows: { nodes: [{ values: { a: 2 } }] } } });
  });
});

test("a column beyond the native ones is written, indexed, converted and removed like any other", async () => {
  const columns = Array.from({ length: 300 }, (_, index) => ({
    name: `c${index}`,
    type: "TEXT",
    unique: index === 299,
  }));
  const rows = [
    { c0: "1", c298: "10", c299: "2024-02-29" },
    { c0: "2", c298: "9", c299: "2024-03-01" },
  ];
  const made = await world.dataset({ columns, rows });
  const change = async (name: string, input: object) => {
    const { errors } = await update({ id: made.columns[name], ...input });
    expect(errors).toStrictEqual([]);
  };
  await change("c0", { type: "INTEGER", indexed: true });
  await change("c298", { type: "DECIMAL", indexed: true });
  await change("c299", { type: "DATE" });
  await change("c299", { type: "DATETIME", indexed: true });
  const { dataset } = await world.ask<{ dataset: { rows: { nodes: object[] } } }>(
    `{ dataset(id: "${made.id}") {
       rows(orderBy: [{ column: "c298", direction: ASC }]) { nodes { values(columns: ["c0", "c298", "c299"]) } }
     } }`,
  );
  expect(dataset.rows.nodes).toStrictEqual([
    { values: { c0: 2, c298: "9", c299: "2024-03-01T00:00:00.000Z" } },
    { values: { c0: 1, c298: "10", c299: "2024-02-29T00:00:00.000Z" } },
  ]);
  const again = await world.run(
    `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
    { variables: { input: { datasetId: made.id, rows: [{ c299: "2024-03-01T00:00:00Z" }] } } },
  );
  expect(again.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  await world.ask(
    `mutation { removeColumn(input: { id: "${made.columns["c299"]}" }) { dataset { id } } }`,
  );
  expect(await cellsOf(made.id, "c298")).toStrictEqual(["10", "9"]);
});
