import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";
import { ADD_COLUMN, REMOVE_COLUMN, VALUES } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});

const add = (
  datasetId: string,
  column: object,
  more: { key?: string; readableBy?: string[] } = {},
) => {
  const { key, ...input } = more;
  return world.run<{
    addColumn: { column: { id: string } | null; readableBy: { name: string }[] };
  }>(ADD_COLUMN, {
    variables: { input: { datasetId, column, ...input } },
    ...(key !== undefined && { key }),
  });
};
const removeColumn = (id: string | undefined, key?: string) =>
  world.run(REMOVE_COLUMN, { variables: { input: { id } }, ...(key !== undefined && { key }) });
const aDataset = () =>
  world.dataset({ columns: [{ name: "a", type: "TEXT" }], rows: [{ a: "x" }, { a: "y" }] });

describe("adding a column", () => {
  test("puts it last, empty in every row, and counts the change", async () => {
    const { id } = await aDataset();
    const { data } = await add(id, { name: "b", type: "INTEGER", default: 3 });
    expect(data).toMatchObject({
      addColumn: {
        column: { name: "b", position: 2 },
        dataset: { version: 2, columns: [{ name: "a" }, { name: "b" }] },
      },
    });
    const { dataset } = await world.ask<{ dataset: { rows: { nodes: object[] } } }>(VALUES, {
      variables: { id },
    });
    expect(dataset.rows.nodes).toStrictEqual([
      { values: { a: "x", b: null } },
      { values: { a: "y", b: null } },
    ]);
  });

  test("is refused with every fault at once", async () => {
    const { id } = await aDataset();
    const { errors } = await add(id, { name: "a", type: "JSON", unique: true, min: 1 });
    expect(errors[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field: "unique" }, { field: "min" }, { field: "name" }],
    });
  });

  test("that is required needs a dataset without rows, and sight of every row", async () => {
    const filled = await aDataset();
    const empty = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    const column = { name: "b", type: "TEXT", required: true };
    const asked = async (key?: string) =>
      await Promise.all(
        [filled, empty].map(async ({ id }) => {
          const { errors } = await add(id, column, key === undefined ? {} : { key });
          return errors[0]?.extensions.code ?? null;
        }),
      );
    const blind = await world.key({
      roles: [{ permissions: ["column::add"], canCreate: true }],
    });
    expect(await asked(blind)).toStrictEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect(await asked()).toStrictEqual(["BAD_USER_INPUT", null]);
  });

  test("is refused beyond 1,000", async () => {
    const columns = Array.from({ length: 1000 }, (_, index) => ({
      name: `c${index}`,
      type: "TEXT",
    }));
    const { id } = await world.dataset({ columns });
    const { errors } = await add(id, { name: "more", type: "TEXT" });
    expect(errors[0]?.extensions).toMatchObject({ errors: [{ field: "columns" }] });
  });

  test("needs the permission, and that the dataset is known", async () => {
    const { id } = await aDataset();
    const column = { name: "b", type: "TEXT" };
    const reader = await world.key({
      roles: [{ permissions: ["dataset::update"], canRead: true }],
    });
    expect((await add(id, column, { key: reader })).errors[0]?.extensions).toMatchObject({
      missing: { gate: "PERMISSION", name: "column::add" },
    });
    const key = await world.key({ roles: [{ permissions: ["column::add"] }] });
    const nowhere = `dataset_${"0".repeat(32)}`;
    const answers = await Promise.all([id, nowhere, "x"].map((each) => add(each, column, { key })));
    expect(answers[0]?.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("eight times at once adds eight columns, each with a place of its own", async () => {
    const { id, rows } = await aDataset();
    const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
    const answers = await Promise.all(names.map((name) => add(id, { name, type: "TEXT" })));
    expect(answers.flatMap(({ errors }) => errors)).toStrictEqual([]);
    const cells = Object.fromEntries(names.map((name) => [name, `of ${name}`]));
    await world.ask(
      `mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { rows { id } } }`,
      { variables: { input: { datasetId: id, rows: [{ id: rows[0], values: cells }] } } },
    );
    const { dataset } = await world.ask<{
      dataset: { version: number; columns: { position: number }[]; row: { values: object } };
    }>(
      `{ dataset(id: "${id}") { version columns { position } row(id: "${rows[0]}") { values } } }`,
    );
    expect(dataset.version).toBe(9);
    expect(dataset.columns.map(({ position }) => position)).toStrictEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(dataset.row.values).toStrictEqual({ a: "x", ...cells });
  });
});

describe("who reads a new column", () => {
  test("is whoever reads the dataset, unless it is withheld from all but some", async () => {
    const tenant = await aWorld();
    world = tenant;
    const { id } = await aDataset();
    const inside = await tenant.role({
      name: "inside",
      permissions: ["dataset::get"],
      canRead: true,
    });
    const outside = await tenant.role({
      name: "outside",
      permissions: ["dataset::get"],
      canRead: true,
    });
    await tenant.role({ name: "blind" });
    const [ofInside, ofOutside] = [
      await tenant.key({ roles: [inside] }),
      await tenant.key({ roles: [outside] }),
    ];
    const open = await add(id, { name: "open", type: "TEXT" });
    const secret = await add(id, { name: "secret", type: "TEXT" }, { readableBy: [inside] });
    const none = await add(id, { name: "none", type: "TEXT" }, { readableBy: [] });
    const readers = (answer: typeof open) =>
      answer.data?.addColumn.readableBy.map(({ name }) => name);
    expect(readers(open)).toStrictEqual(["administrator", "inside", "outside"]);
    expect(readers(secret)).toStrictEqual(["administrator", "inside"]);
    expect(readers(none)).toStrictEqual(["administrator"]);
    const columns = async (key: string) =>
      (
        await tenant.ask<{ dataset: { columns: { name: string }[] } }>(
          `{ dataset(id: "${id}") { columns { name } } }`,
          { key },
        )
      ).dataset.columns.map(({ name }) => name);
    expect(await columns(ofInside)).toStrictEqual(["a", "open", "secret"]);
    expect(await columns(ofOutside)).toStrictEqual(["a", "open"]);
  });

  test("is nobody of the public, once the dataset is opened, where it was withheld", async () => {
    const { id } = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    await add(id, { name: "secret", type: "TEXT" }, { readableBy: [] });
    await world.ask(
      `mutation { updateDataset(input: { id: "${id}", accessLevel: OPEN }) { dataset { id } } }`,
    );
    expect(
      await world.ask(`{ dataset(id: "${id}") { columns { name } } }`, {
        key: null,
        headers: { "x-fieldgate-tenant": world.slug },
      }),
    ).toStrictEqual({ dataset: { columns: [{ name: "a" }] } });
    const opened = await add(id, { name: "b", type: "TEXT" });
    expect(opened.data?.addColumn.readableBy).toContainEqual({ name: "anonymous" });
  });

  test("is not told to those who may not look at roles, nor do ids of roles mean anything to them", async () => {
    const { id } = await aDataset();
    const role = await world.role({ canRead: true });
    const key = await world.key({
      roles: [{ permissions: ["column::add", "dataset::get"], canRead: true }],
    });
    const column = { name: "b", type: "TEXT" };
    const real = await add(id, column, { key, readableBy: [role] });
    const unreal = await add(id, column, { key, readableBy: [`role_${"0".repeat(32)}`] });
    expect(real.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(unreal.text).toBe(real.text);
    expect((await add(id, column, { key })).data?.addColumn.readableBy).toBeNull();
  });

  test("withholding it from a caller leaves the caller without it", async () => {
    const { id } = await aDataset();
    const key = await world.key({
      roles: [{ permissions: ["column::add", "dataset::get"], canRead: true }],
    });
    const { data, errors } = await add(id, { name: "b", type: "TEXT" }, { key, readableBy: [] });
    expect(errors).toStrictEqual([]);
    expect(data).toMatchObject({
      addColumn: { column: null, dataset: { columns: [{ name: "a" }] }, readableBy: null },
    });
  });
});

describe("removing a column", () => {
  test("takes its cells, and leaves its name free", async () => {
    const { id, columns } = await world.dataset({
      columns: [
        { name: "a", type: "TEXT", unique: true, indexed: true },
        { name: "b", type: "TEXT" },
      ],
      rows: [{ a: "x", b: "y" }],
    });
    expect((await removeColumn(columns["a"])).data).toStrictEqual({
      removeColumn: { dataset: { version: 2, columns: [{ name: "b", position: 1 }] } },
    });
    await add(id, { name: "a", type: "INTEGER" });
    const { dataset } = await world.ask<{ dataset: { rows: { nodes: object[] } } }>(VALUES, {
      variables: { id },
    });
    expect(dataset.rows.nodes).toStrictEqual([{ values: { b: "y", a: null } }]);
  });

  test("is refused for a key column, and for the source of another's options", async () => {
    const keyed = await world.dataset({
      columns: [{ name: "a", type: "TEXT" }],
      keyColumns: ["a"],
    });
    expect((await removeColumn(keyed.columns["a"])).errors[0]?.extensions).toMatchObject({
      code: "CONFLICT",
      namedBy: [{ kind: "KEY", id: keyed.id }],
    });
    const source = await aDataset();
    const taker = await world.dataset({
      columns: [{ name: "b", type: "SELECT", optionsFrom: source.columns["a"] }],
    });
    expect((await removeColumn(source.columns["a"])).errors[0]?.extensions).toMatchObject({
      code: "CONFLICT",
      namedBy: [{ kind: "OPTIONS", column: "b", id: taker.columns["b"] }],
    });
    expect((await removeColumn(taker.columns["b"])).errors).toStrictEqual([]);
    expect((await removeColumn(source.columns["a"])).errors).toStrictEqual([]);
  });

  test("that the caller does not know is like removing one that never was", async () => {
    const { id, columns } = await aDataset();
    const key = await world.key({
      roles: [
        {
          permissions: ["column::remove"],
          canRead: true,
          grants: [{ datasetId: id, columnId: columns["a"] ?? "", read: "WITHHOLD" }],
        },
      ],
    });
    const ids = [columns["a"], `column_${"0".repeat(32)}`, "x"];
    const answers = await Promise.all(ids.map((each) => removeColumn(each, key)));
    expect(answers[0]?.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const reader = await world.key({ roles: [{ permissions: ["column::add"], canRead: true }] });
    expect((await removeColumn(columns["a"], reader)).errors[0]?.extensions).toMatchObject({
      missing: { gate: "PERMISSION", name: "column::remove" },
    });
  });
});
