import { afterAll, describe, expect, test } from "vitest";
import { type Answer, aWorld, type NewRole, type World } from "../../support/world.ts";

const world = await aWorld();
afterAll(() => world.database.close());

/** A unique column tells of rows that are not shown: who may not read it in every row may not ask it. */
const CREATE = `mutation ($id: ID!, $rows: [JSON!]!, $onFault: OnFault) {
  createRows(input: {datasetId: $id, rows: $rows, onFault: $onFault}) {
    count results { faults { column code } }
  }
}`;
const UPDATE = `mutation ($id: ID!, $row: ID!, $values: JSON!) {
  updateRows(input: {datasetId: $id, rows: [{id: $row, values: $values}]}) { count }
}`;

const WRITER: NewRole = {
  permissions: ["row::create", "row::update", "row::get"],
  canRead: true,
  canCreate: true,
  canUpdate: true,
};

/** A dataset with one row, and a writer from whom READ on some of its columns is withheld. */
async function aDataset(
  { dataset, key }: World,
  columns: readonly ({ name: string } & Record<string, unknown>)[],
  { hidden, keyColumns }: { hidden: readonly string[]; keyColumns?: readonly string[] },
) {
  const row = { note: "first", ...Object.fromEntries(columns.map(({ name }) => [name, "taken"])) };
  const made = await dataset({
    columns: [{ name: "note", type: "TEXT" }, ...columns],
    rows: [row],
    ...(keyColumns && { keyColumns }),
  });
  const grants = hidden.map((name) => ({
    datasetId: made.id,
    columnId: made.columns[name] ?? "",
    read: "WITHHOLD" as const,
  }));
  const writer = await key({ roles: [{ ...WRITER, grants }] });
  return { ...made, writer };
}

type Made = Awaited<ReturnType<typeof aDataset>>;

const create = (made: Made, values: object, onFault = "REJECT_ALL") =>
  world.run(CREATE, { key: made.writer, variables: { id: made.id, rows: [values], onFault } });
const update = (made: Made, values: object) =>
  world.run(UPDATE, { key: made.writer, variables: { id: made.id, row: made.rows[0], values } });

/** Answers that say the same but for the time they took. */
function isForbidden({ errors }: Answer): boolean {
  return errors.length === 1 && errors[0]?.extensions.code === "FORBIDDEN";
}

describe("a unique column that the caller may not read", () => {
  test("is not to be set, whether its value is taken or free", async () => {
    const made = await aDataset(world, [{ name: "code", type: "TEXT", unique: true }], {
      hidden: ["code"],
    });
    const taken = await create(made, { code: "taken" });
    const free = await create(made, { code: "free" });
    const skipped = await create(made, { code: "taken" }, "SKIP_ROW");
    const changed = await update(made, { code: "taken" });
    const changedToFree = await update(made, { code: "other" });
    expect([taken, free, skipped, changed, changedToFree].every(isForbidden)).toBe(true);
    expect(free.text).toBe(taken.text);
    expect(changedToFree.text).toBe(changed.text);
  });

  test("may be left unset, which asks nothing of it", async () => {
    const made = await aDataset(world, [{ name: "code", type: "TEXT", unique: true }], {
      hidden: ["code"],
    });
    const created = await create(made, { note: "second" });
    const changed = await update(made, { note: "changed" });
    expect([created.errors, changed.errors]).toStrictEqual([[], []]);
  });

  test("is asked by its default too", async () => {
    const made = await aDataset(
      world,
      [{ name: "code", type: "TEXT", unique: true, default: "taken" }],
      { hidden: ["code"] },
    );
    const taken = await create(made, { note: "second" });
    await world.ask(
      `mutation ($id: ID!, $row: ID!) {
      deleteRows(input: {datasetId: $id, rows: [{id: $row}]}) { count } }`,
      {
        variables: { id: made.id, row: made.rows[0] },
      },
    );
    const free = await create(made, { note: "second" });
    expect([taken, free].every(isForbidden)).toBe(true);
    expect(free.text).toBe(taken.text);
  });

  test("is not named to a caller who does not know it", async () => {
    const made = await aDataset(
      world,
      [{ name: "secret_code", type: "TEXT", unique: true, default: "taken" }],
      { hidden: ["secret_code"] },
    );
    const blind = await world.key({
      roles: [
        {
          ...WRITER,
          grants: [
            {
              datasetId: made.id,
              columnId: made.columns["secret_code"] ?? "",
              read: "WITHHOLD",
              create: "WITHHOLD",
              update: "WITHHOLD",
            },
          ],
        },
      ],
    });
    const { text, errors } = await create({ ...made, writer: blind }, { note: "second" });
    expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect(text).not.toContain("secret_code");
  });

  test("may be set where it says that it tells what is taken", async () => {
    const made = await aDataset(
      world,
      [{ name: "code", type: "TEXT", unique: true, tellsTaken: true }],
      { hidden: ["code"] },
    );
    const taken = await create(made, { code: "taken" });
    const free = await create(made, { code: "free" });
    expect(taken.errors[0]?.extensions["errors"]).toMatchObject([
      { row: 0, column: "code", code: "NOT_UNIQUE" },
    ]);
    expect(free.errors).toStrictEqual([]);
  });
});

describe("key columns of which one is hidden", () => {
  test("are not to be set, none of them", async () => {
    const columns = ["country", "city"].map((name) => ({ name, type: "TEXT" }));
    const made = await aDataset(world, columns, {
      hidden: ["country"],
      keyColumns: ["country", "city"],
    });
    for (const values of [
      { country: "taken", city: "taken" },
      { country: "free", city: "free" },
    ]) {
      expect(isForbidden(await create(made, values))).toBe(true);
    }
    expect(isForbidden(await update(made, { city: "free" }))).toBe(true);
    expect(isForbidden(await update(made, { city: "taken" }))).toBe(true);
    expect((await update(made, { note: "changed" })).errors).toStrictEqual([]);
  });
});

test("a default that is none of the options is nobody's choice, and its column is not named", async () => {
  const colours = await world.dataset({
    columns: [{ name: "name", type: "TEXT" }],
    rows: [{ name: "red" }],
  });
  const made = await world.dataset({
    columns: [
      { name: "note", type: "TEXT" },
      {
        name: "colour",
        type: "SELECT",
        optionsFrom: colours.columns["name"],
        default: "green",
      },
    ],
  });
  const hidden = { create: "WITHHOLD", read: "WITHHOLD", update: "WITHHOLD" } as const;
  const grants = [{ datasetId: made.id, columnId: made.columns["colour"] ?? "", ...hidden }];
  const writer = await world.key({ roles: [{ ...WRITER, grants }] });
  const { errors } = await create({ ...made, writer }, { note: "first" });
  expect(errors).toStrictEqual([]);
});
