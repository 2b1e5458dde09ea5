import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, uniqueName, type World } from "../../support/world.ts";
import { CREATE_DATASET } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});

const create = (input: object, key?: string) =>
  world.run(CREATE_DATASET, {
    variables: { input: { name: uniqueName("d"), columns: [], ...input } },
    ...(key !== undefined && { key }),
  });

const manyColumns = (count: number, rules: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: "TEXT", ...rules }));

test("a dataset answers everything that it was made with", async () => {
  const name = uniqueName("movies");
  const columns = [
    { name: "title", label: "Title", type: "TEXT", maxLength: 100, pattern: ".*" },
    { name: "year", type: "INTEGER", min: 1888, max: "2100", default: 2000, indexed: true },
    { name: "gross", type: "DECIMAL", min: "0.50", unique: true, tellsTaken: true },
    { name: "rating", type: "SELECT", options: ["R", "PG"], default: "R" },
    { name: "seen", type: "BOOLEAN", default: false, editable: false },
    { name: "extra", type: "JSON", default: { a: [1] } },
    { name: "huge", type: "INTEGER", default: "9223372036854775807" },
  ];
  const made = await world.ask(
    `mutation ($input: CreateDatasetInput!) {
      createDataset(input: $input) {
        dataset {
          name label description accessLevel version keyColumns createdBy updatedBy
          columns { name label type position required unique indexed editable tellsTaken isKey
                    default min max maxLength pattern options canUpdate }
          canRead canCreate canUpdate canDelete
        }
      }
    }`,
    {
      variables: {
        input: {
          name,
          label: "Movies",
          description: "All of them",
          keyColumns: ["title", "year"],
          columns,
        },
      },
    },
  );
  expect(made).toMatchObject({
    createDataset: {
      dataset: {
        name,
        label: "Movies",
        description: "All of them",
        accessLevel: "PRIVATE",
        version: 1,
        keyColumns: ["title", "year"],
        createdBy: expect.stringMatching(/^key_/) as string,
        canRead: true,
        canCreate: true,
        canUpdate: true,
        canDelete: true,
        columns: [
          {
            label: "Title",
            position: 1,
            required: true,
            isKey: true,
            maxLength: 100,
            pattern: ".*",
          },
          { label: "year", min: 1888, max: 2100, default: 2000, indexed: true, isKey: true },
          { type: "DECIMAL", min: "0.50", unique: true, tellsTaken: true, required: false },
          { options: ["R", "PG"], default: "R", canUpdate: true },
          { default: false, editable: false },
          { default: { a: [1] }, options: null },
          { default: "9223372036854775807" },
        ],
      },
    },
  });
});

describe("a definition that is wrong", () => {
  test("is refused with every fault at once, by column and field", async () => {
    const { errors } = await create({
      name: "No Name",
      label: "x".repeat(300),
      columns: [
        { name: "Bad", type: "TEXT" },
        { name: "a", type: "TEXT", min: 1, maxLength: 0 },
        { name: "b", type: "INTEGER", default: "many", label: "\u0000" },
        { name: "c", type: "SELECT" },
      ],
    });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT" });
    const faults = errors[0]?.extensions["errors"] as { column?: number; field: string }[];
    expect(faults.map(({ column, field }) => [column ?? null, field])).toStrictEqual([
      [null, "name"],
      [null, "label"],
      [0, "name"],
      [1, "min"],
      [1, "maxLength"],
      [2, "default"],
      [2, "label"],
      [3, "options"],
    ]);
  });

  test.each([
    ["a name given twice", { columns: manyColumns(2, { name: "a" }) }, "name"],
    ["a key that is no column", { columns: manyColumns(1), keyColumns: ["other"] }, "keyColumns"],
    [
      "a key column named twice",
      { columns: manyColumns(1), keyColumns: ["c0", "c0"] },
      "keyColumns",
    ],
    ["a JSON key", { columns: manyColumns(1, { type: "JSON" }), keyColumns: ["c0"] }, "keyColumns"],
    ["more than 1,000 columns", { columns: manyColumns(1001) }, "columns"],
    ["more than 64 indexes", { columns: manyColumns(65, { indexed: true }) }, "columns"],
  ])("is refused for %s", async (_, input, field) => {
    const { errors, data } = await create(input);
    expect(errors[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field }],
    });
    expect(data).toStrictEqual({ createDataset: null });
  });

  test("leaves nothing behind", async () => {
    const name = uniqueName("d");
    await create({ name, columns: manyColumns(2, { name: "a" }) });
    expect(await world.ask(`{ dataset(name: "${name}") { id } }`)).toStrictEqual({ dataset: null });
    expect((await create({ name })).errors).toStrictEqual([]);
  });
});

test("a name that is taken is a conflict, in this tenant alone", async () => {
  const name = uniqueName("d");
  expect((await create({ name })).errors).toStrictEqual([]);
  expect((await create({ name })).errors[0]?.extensions.code).toBe("CONFLICT");
  const other = await aWorld();
  await other.dataset({ name, columns: [] });
});

test("of two at once with one name, one is made and the other told that it is taken", async () => {
  const name = uniqueName("d");
  const answers = await Promise.all([create({ name }), create({ name })]);
  expect(
    answers.map(({ errors }) => errors[0]?.extensions.code ?? "made").toSorted(),
  ).toStrictEqual(["CONFLICT", "made"]);
});

test("1,000 columns fit, and their cells are written and read", async () => {
  const columns = manyColumns(1000, { maxLength: 20 });
  const row = Object.fromEntries(columns.map(({ name }, index) => [name, `value ${index}`]));
  const made = await world.dataset({ columns, rows: [row] });
  const { dataset } = await world.ask<{ dataset: { row: { values: object } } }>(
    `{ dataset(id: "${made.id}") { row(id: "${made.rows[0]}") { values } } }`,
  );
  expect(dataset.row.values).toStrictEqual(row);
});

describe("who may make a dataset", () => {
  test("needs the permission, which is asked before the input is looked at", async () => {
    const key = await world.key({ roles: [{ permissions: ["dataset::get"], canRead: true }] });
    const { errors } = await create({ name: "No Name" }, key);
    expect(errors[0]?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "PERMISSION", name: "dataset::create" },
    });
  });

  test("may not know of it afterwards", async () => {
    const name = uniqueName("d");
    const key = await world.key({ roles: [{ permissions: ["dataset::create", "dataset::get"] }] });
    const { data, errors } = await create({ name, columns: manyColumns(1) }, key);
    expect({ data, errors }).toStrictEqual({
      data: { createDataset: { dataset: null } },
      errors: [],
    });
    expect(await world.ask(`{ dataset(name: "${name}") { name } }`)).toStrictEqual({
      dataset: { name },
    });
  });

  test("opens it only to what it reads itself", async () => {
    const permissions = ["dataset::create", "dataset::get"];
    const open = { accessLevel: "OPEN", columns: manyColumns(1) };
    const blind = await world.key({ roles: [{ permissions, canCreate: true }] });
    const name = uniqueName("d");
    expect((await create({ ...open, name }, blind)).errors[0]?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "DATA", name: `READ ${name}` },
    });
    const reader = await world.key({ roles: [{ permissions, canRead: true }] });
    expect((await create({ ...open, name }, reader)).errors).toStrictEqual([]);
    const granter = await world.key({ roles: [{ permissions: [...permissions, "grant::any"] }] });
    expect((await create(open, granter)).errors).toStrictEqual([]);
  });
});

describe("options taken from another column", () => {
  test("are the values that the caller may read there", async () => {
    const source = await world.dataset({
      columns: [{ name: "code", type: "TEXT" }],
      rows: [{ code: "b" }, { code: "a" }, { code: "b" }, { code: null }],
    });
    const columns = [{ name: "chosen", type: "SELECT", optionsFrom: source.columns["code"] }];
    const { id } = await world.dataset({ columns });
    const query = `{ dataset(id: "${id}") { columns { options optionsFrom { name } } } }`;
    expect(await world.ask(query)).toStrictEqual({
      dataset: { columns: [{ options: ["a", "b"], optionsFrom: { name: "code" } }] },
    });
    const permissions = ["dataset::get"];
    const grants = [{ datasetId: id, read: "ALLOW" }] as const;
    const key = await world.key({ roles: [{ permissions, grants }] });
    expect(await world.ask(query, { key })).toStrictEqual({
      dataset: { columns: [{ options: null, optionsFrom: null }] },
    });
  });

  test("come from a text column", async () => {
    const { columns } = await world.dataset({ columns: [{ name: "n", type: "INTEGER" }] });
    const { errors } = await create({
      columns: [{ name: "c", type: "SELECT", optionsFrom: columns["n"] }],
    });
    expect(errors[0]?.extensions).toMatchObject({
      errors: [{ column: 0, field: "optionsFrom" }],
    });
  });

  test("of a column that the caller may not read look like those of one that never was", async () => {
    const { id, columns } = await world.dataset({ columns: [{ name: "secret", type: "TEXT" }] });
    const foreign = await (await aWorld()).dataset({ columns: [{ name: "secret", type: "TEXT" }] });
    const key = await world.key({
      roles: [
        {
          permissions: ["dataset::create"],
          grants: [{ datasetId: id, columnId: columns["secret"] ?? "", update: "ALLOW" }],
        },
      ],
    });
    const sources = [
      columns["secret"],
      foreign.columns["secret"],
      "column_00000000000000000000000000000000",
      "nonsense",
    ];
    const answers = await Promise.all(
      sources.map((optionsFrom) =>
        create({ columns: [{ name: "c", type: "SELECT", optionsFrom }] }, key),
      ),
    );
    expect(answers[0]?.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});
