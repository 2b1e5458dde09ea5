import { afterAll, describe, expect, test } from "vitest";
import { aWorld, type NewGrant } from "../../support/world.ts";

const world = await aWorld();
afterAll(() => world.database.close());

const METHODS = "dataset::get row::get row::create row::update".split(" ");
const ALL = { read: "ALLOW", create: "ALLOW", update: "ALLOW" } as const;
const IN_ULM = { column: "city", eq: "Ulm" };

const UPDATE = `mutation ($input: UpdateRowsInput!) {
  updateRows(input: $input) { count results { faults { column code } } } }`;
const CREATE = `mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`;

const NEVER = "row_0192f3a1b2c37d4e8f00112233445566";

async function keyOf(datasetId: string, ...grants: Omit<NewGrant, "datasetId">[]) {
  return await world.key({
    roles: [{ permissions: METHODS, grants: grants.map((grant) => ({ datasetId, ...grant })) }],
  });
}

test("an edit that sets no cell needs UPDATE on the row all the same", async () => {
  const { id: datasetId, rows } = await world.dataset({
    columns: [{ name: "city", type: "TEXT" }],
    rows: [{ city: "Ulm" }, { city: "Bonn" }],
  });
  const key = await keyOf(datasetId, { ...ALL, rowFilter: { update: IN_ULM } });
  const [ulm, bonn] = rows;
  const edit = async (id: string | undefined, onFault = "REJECT_ALL") => {
    const variables = { input: { datasetId, rows: [{ id, values: {} }], onFault } };
    const { data, errors } = await world.run(UPDATE, { key, variables });
    return errors[0]?.extensions.code ?? data?.["updateRows"];
  };
  expect(await edit(ulm)).toMatchObject({ count: 1 });
  expect(await edit(bonn)).toBe("FORBIDDEN");
  expect(await edit(bonn, "SKIP_ROW")).toMatchObject({
    count: 0,
    results: [{ faults: [{ code: "FORBIDDEN", column: null }] }],
  });
  const { row } = (
    await world.ask<{ dataset: { row: { version: number } } }>(
      `query ($datasetId: ID!, $id: ID!) { dataset(id: $datasetId) { row(id: $id) { version } } }`,
      { variables: { datasetId, id: bonn } },
    )
  ).dataset;
  expect(row.version).toBe(1);
});

describe("a row out of sight is answered like one that never was", () => {
  test("when a unique column that tells what is taken is set in it", async () => {
    const { id: datasetId, rows } = await world.dataset({
      columns: [
        { name: "city", type: "TEXT" },
        { name: "code", type: "TEXT", unique: true, tellsTaken: true },
      ],
      rows: [
        { city: "Ulm", code: "one" },
        { city: "Bonn", code: "two" },
      ],
    });
    const key = await keyOf(datasetId, { ...ALL, rowFilter: { read: IN_ULM } });
    const [seen, hidden] = rows;
    const answer = async (id: string | undefined, code: string, onFault: string) => {
      const beside = { id: seen, values: { code: "two" } };
      const input = { datasetId, rows: [{ id, values: { code } }, beside], onFault };
      const { text } = await world.run(UPDATE, { key, variables: { input } });
      return text;
    };
    for (const onFault of ["REJECT_ALL", "SKIP_ROW"]) {
      for (const code of ["two", "one", "free"]) {
        expect(await answer(hidden, code, onFault)).toBe(await answer(NEVER, code, onFault));
      }
    }
  });

  test("when a part of a key that tells what is taken is set in it", async () => {
    const { id: datasetId, rows } = await world.dataset({
      columns: [
        { name: "city", type: "TEXT", tellsTaken: true },
        { name: "code", type: "TEXT", tellsTaken: true },
      ],
      keyColumns: ["city", "code"],
      rows: [
        { city: "Bonn", code: "one" },
        { city: "Bonn", code: "two" },
      ],
    });
    const key = await keyOf(datasetId, { ...ALL, rowFilter: { read: IN_ULM } });
    const answer = async (id: string | undefined) => {
      const input = { datasetId, rows: [{ id, values: { code: "two" } }] };
      return (await world.run(UPDATE, { key, variables: { input } })).text;
    };
    const texts = await Promise.all([rows[0], rows[1], NEVER].map(answer));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain("NOT_FOUND");
  });
});

test("how long the default of a column is, nobody learns who does not know the column", async () => {
  const long = "x".repeat(60_000);
  const withDefault = async (value: string | null) => {
    const { id: datasetId, columns } = await world.dataset({
      columns: [
        ...["a", "b", "c", "d"].map((name) => ({ name, type: "TEXT" })),
        { name: "secret", type: "TEXT", default: value },
      ],
    });
    const none = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" } as const;
    const key = await keyOf(datasetId, ALL, { columnId: columns["secret"] ?? "", ...none });
    const input = { datasetId, rows: [{ a: long, b: long, c: long, d: long }] };
    return {
      blind: (await world.run(CREATE, { key, variables: { input } })).text,
      knowing: (await world.run(CREATE, { variables: { input } })).text,
    };
  };
  const [none, some] = [await withDefault(null), await withDefault(long)];
  expect(some.blind).toBe(none.blind);
  expect(some.knowing).toContain("TOO_LARGE");
});
