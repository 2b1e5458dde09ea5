import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type NewRole, uniqueName, type World } from "../../support/world.ts";
import { DELETE_DATASET, UPDATE_DATASET } from "./documents.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});

const update = (input: object, key?: string) =>
  world.run(UPDATE_DATASET, { variables: { input }, ...(key !== undefined && { key }) });
const remove = (id: string, key?: string) =>
  world.run(DELETE_DATASET, { variables: { input: { id } }, ...(key !== undefined && { key }) });
const codeOf = ({ errors }: { errors: readonly { extensions: { code?: string } }[] }) =>
  errors[0]?.extensions.code ?? null;

const NOWHERE = `dataset_${"0".repeat(32)}`;
const TITLES = {
  columns: [
    { name: "title", type: "TEXT" },
    { name: "year", type: "INTEGER" },
  ],
  rows: [
    { title: "a", year: 1 },
    { title: "a", year: 2 },
    { title: null, year: 3 },
  ],
};

function editor(grants: NonNullable<NewRole["grants"]>): NewRole {
  return { permissions: ["dataset::get", "dataset::update"], canRead: true, grants };
}

describe("updating a dataset", () => {
  test("as a key tells nothing of columns that the caller does not know", async () => {
    const columns = Array.from({ length: 64 }, (_, i) => ({
      name: `indexed_${i}`,
      type: "TEXT",
      indexed: true,
    }));
    const { id, columns: ids } = await world.dataset({
      columns: [{ name: "seen", type: "TEXT" }, { name: "secret_a", type: "TEXT" }, ...columns],
    });
    const grants = Object.entries(ids)
      .filter(([name]) => name !== "seen")
      .map(([, columnId]) => ({ datasetId: id, columnId, read: "WITHHOLD" as const }));
    const key = await world.key({ roles: [editor(grants)] });
    const asked = async (name: string) => {
      const { text } = await update({ id, keyColumns: [name] }, key);
      return text.replaceAll(name, "NAME");
    };
    expect(await asked("secret_a")).toBe(await asked("secret_b"));
    expect(await asked("secret_a")).toContain("No column has the name");
  });

  test("changes what is given and counts the change", async () => {
    const { id } = await world.dataset(TITLES);
    const name = uniqueName("renamed");
    const { data } = await update({ id, name, label: "Renamed", accessLevel: "ONLY_VIZ" });
    expect(data).toMatchObject({
      updateDataset: {
        dataset: { name, label: "Renamed", description: "", accessLevel: "ONLY_VIZ", version: 2 },
      },
    });
    expect(codeOf(await update({ id, name }))).toBe(null);
  });

  test("refuses a name that is taken, and faults all at once", async () => {
    const name = uniqueName("d");
    await world.dataset({ ...TITLES, name });
    const { id } = await world.dataset(TITLES);
    expect(codeOf(await update({ id, name }))).toBe("CONFLICT");
    const { errors } = await update({ id, name: "No", description: "\u0000", keyColumns: ["x"] });
    expect(errors[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field: "name" }, { field: "description" }, { field: "keyColumns" }],
    });
  });

  test("needs the permission, and that the dataset is known", async () => {
    const { id } = await world.dataset(TITLES);
    const reader = await world.key({ roles: [{ permissions: ["dataset::get"], canRead: true }] });
    expect((await update({ id, label: "x" }, reader)).errors[0]?.extensions).toMatchObject({
      missing: { gate: "PERMISSION", name: "dataset::update" },
    });
    const stranger = await world.key({ roles: [{ permissions: ["dataset::update"] }] });
    const answers = await Promise.all(
      [id, NOWHERE, "nonsense"].map((each) => update({ id: each, label: "x" }, stranger)),
    );
    expect(answers[0] && codeOf(answers[0])).toBe("NOT_FOUND");
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("opens it only to what the caller reads itself", async () => {
    const { id, columns } = await world.dataset(TITLES);
    const year = columns["year"] ?? "";
    const partly = await world.key({
      roles: [editor([{ datasetId: id, columnId: year, read: "WITHHOLD" }])],
    });
    const { errors } = await update({ id, accessLevel: "OPEN" }, partly);
    expect(errors[0]?.extensions).toMatchObject({ code: "FORBIDDEN", missing: { gate: "DATA" } });
    expect(JSON.stringify(errors)).not.toContain("year");
    const whole = await world.key({ roles: [editor([])] });
    expect((await update({ id, accessLevel: "OPEN" }, whole)).errors).toStrictEqual([]);
  });
});

describe("key columns", () => {
  test("become required and unique together", async () => {
    const { id } = await world.dataset({ ...TITLES, rows: TITLES.rows.slice(0, 2) });
    const { data } = await update({ id, keyColumns: ["year", "title"] });
    expect(data).toMatchObject({
      updateDataset: {
        dataset: {
          keyColumns: ["year", "title"],
          columns: [
            { name: "title", required: true, isKey: true },
            { name: "year", required: true, isKey: true },
          ],
        },
      },
    });
    const again = await world.run(
      `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
      { variables: { input: { datasetId: id, rows: [{ title: "a", year: 1 }] } } },
    );
    expect(codeOf(again)).toBe("BAD_USER_INPUT");
    expect((await update({ id, keyColumns: [] })).data).toMatchObject({
      updateDataset: { dataset: { keyColumns: [] } },
    });
  });

  test("are refused where rows lack a value, or agree in all of them", async () => {
    const { id } = await world.dataset(TITLES);
    expect(
      (await update({ id, keyColumns: ["title", "year"] })).errors[0]?.extensions,
    ).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field: "keyColumns", message: expect.stringContaining("title") as string }],
    });
    const same = await world.dataset({ ...TITLES, rows: TITLES.rows.slice(0, 2) });
    expect(
      (await update({ id: same.id, keyColumns: ["title"] })).errors[0]?.extensions,
    ).toMatchObject({
      code: "BAD_USER_INPUT",
      errors: [{ field: "keyColumns", message: expect.stringContaining("agree") as string }],
    });
    expect(await world.ask(`{ dataset(id: "${same.id}") { version keyColumns } }`)).toStrictEqual({
      dataset: { version: 1, keyColumns: [] },
    });
  });

  test("tell nothing of cells to those who may not read them", async () => {
    const permissions = ["dataset::update"];
    const answers = await Promise.all(
      [TITLES.rows, [{ title: "a", year: 1 }]].map(async (rows) => {
        const { id } = await world.dataset({ ...TITLES, name: uniqueName("d"), rows });
        const key = await world.key({
          roles: [{ permissions, grants: [{ datasetId: id, update: "ALLOW" }] }],
        });
        return await update({ id, keyColumns: ["title"] }, key);
      }),
    );
    const missing = answers.map(({ errors }) => errors[0]?.extensions);
    expect(missing[0]).toMatchObject({ code: "FORBIDDEN", missing: { gate: "DATA" } });
    expect(missing.map((each) => each?.code)).toStrictEqual(["FORBIDDEN", "FORBIDDEN"]);
  });
});

describe("deleting a dataset", () => {
  test("takes its rows, its columns and the grants on it", async () => {
    const { id, columns, rows } = await world.dataset(TITLES);
    await world.role({
      grants: [{ datasetId: id, columnId: columns["year"] ?? "", read: "ALLOW" }],
    });
    expect((await remove(id)).data).toStrictEqual({ deleteDataset: { id } });
    expect(
      await world.ask(
        `{ dataset(id: "${id}") { id } row: node(id: "${rows[0]}") { id } column: node(id: "${columns["year"]}") { id } }`,
      ),
    ).toStrictEqual({ dataset: null, row: null, column: null });
    expect(codeOf(await remove(id))).toBe("NOT_FOUND");
  });

  test("is refused while another takes its options from it, listing those that the caller knows", async () => {
    const source = await world.dataset({
      columns: [
        { name: "code", type: "TEXT" },
        { name: "other", type: "TEXT" },
      ],
    });
    const optionsFrom = source.columns["code"];
    const seen = await world.dataset({
      name: uniqueName("seen"),
      columns: [{ name: "choice", type: "SELECT", optionsFrom }],
    });
    await world.dataset({ columns: [{ name: "choice", type: "SELECT", optionsFrom }] });
    const key = await world.key({
      roles: [
        {
          permissions: ["dataset::delete"],
          grants: [
            { datasetId: source.id, read: "ALLOW" },
            { datasetId: seen.id, read: "ALLOW" },
          ],
        },
      ],
    });
    const { errors } = await remove(source.id, key);
    expect(errors[0]?.extensions).toMatchObject({ code: "CONFLICT" });
    expect(errors[0]?.extensions["namedBy"]).toStrictEqual([
      {
        kind: "OPTIONS",
        dataset: expect.stringMatching(/^seen_/) as string,
        column: "choice",
        id: seen.columns["choice"],
      },
    ]);
  });

  test("is not refused for options within it", async () => {
    const { id, columns } = await world.dataset({ columns: [{ name: "code", type: "TEXT" }] });
    await world.ask(
      `mutation ($input: AddColumnInput!) { addColumn(input: $input) { column { id } } }`,
      {
        variables: {
          input: {
            datasetId: id,
            column: { name: "choice", type: "SELECT", optionsFrom: columns["code"] },
          },
        },
      },
    );
    expect(codeOf(await remove(id))).toBe(null);
  });

  test("needs the permission", async () => {
    const { id } = await world.dataset(TITLES);
    const key = await world.key({ roles: [{ permissions: ["dataset::update"], canDelete: true }] });
    expect((await remove(id, key)).errors[0]?.extensions).toMatchObject({
      missing: { gate: "PERMISSION", name: "dataset::delete" },
    });
  });
});
