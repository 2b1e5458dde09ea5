import { expect, test } from "vitest";
import { statementsOf } from "../../support/statements.ts";
import { aWorld, uniqueName } from "../../support/world.ts";
import { ADD_COLUMN, CREATE_DATASET, REMOVE_COLUMN, UPDATE_COLUMN } from "./documents.ts";

const manyColumns = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `c${index}`,
    type: "TEXT",
    unique: index < 2,
    indexed: index < count / 10,
  }));

test("a change of a definition takes as many statements for 20 columns as for 200", async () => {
  const world = await aWorld();
  const count = statementsOf(world.database);
  const counts = [];
  for (const columns of [manyColumns(20), manyColumns(200)]) {
    const input = { name: uniqueName("d"), columns, keyColumns: ["c1"] };
    // One after the other: each is counted by itself.
    /* eslint-disable no-await-in-loop */
    const created = await count(CREATE_DATASET, world.admin, { input });
    const made = await world.dataset({
      columns,
      rows: columns.map(({ name }) => ({ [name]: "1" })),
    });
    const added = await count(ADD_COLUMN, world.admin, {
      input: { datasetId: made.id, column: { name: "more", type: "TEXT" }, readableBy: [] },
    });
    const updated = await count(UPDATE_COLUMN, world.admin, {
      input: { id: made.columns["c0"], type: "INTEGER" },
    });
    const removed = await count(REMOVE_COLUMN, world.admin, {
      input: { id: made.columns["c1"] },
    });
    /* eslint-enable no-await-in-loop */
    counts.push([created, added, updated, removed].map(({ length }) => length));
  }
  expect(counts[1]).toStrictEqual(counts[0]);
  expect(Math.max(...(counts[0] ?? []))).toBeLessThan(25);
});

test("readers and writers of rows are not disturbed by definitions that change under them", async () => {
  const world = await aWorld();
  const { id, columns } = await world.dataset({
    columns: [
      { name: "a", type: "TEXT" },
      { name: "b", type: "TEXT" },
    ],
    rows: [{ a: "1", b: "x" }],
  });
  const changes = async () => {
    for (const type of ["INTEGER", "DECIMAL", "TEXT", "JSON", "TEXT"]) {
      // eslint-disable-next-line no-await-in-loop
      await world.ask(UPDATE_COLUMN, { variables: { input: { id: columns["a"], type } } });
    }
  };
  const reads = async () => {
    for (let turn = 0; turn < 15; turn += 1) {
      // eslint-disable-next-line no-await-in-loop
      await world.ask(`{ dataset(id: "${id}") { rowCount rows { nodes { values } } } }`);
    }
  };
  const writes = async () => {
    for (let turn = 0; turn < 15; turn += 1) {
      // eslint-disable-next-line no-await-in-loop
      await world.ask(
        `mutation { createRows(input: { datasetId: "${id}", rows: [{ b: "y" }] }) { __typename } }`,
      );
    }
  };
  await Promise.all([changes(), reads(), writes()]);
  expect(
    await world.ask(`{ dataset(id: "${id}") { version rowCount columns { type } } }`),
  ).toStrictEqual({
    dataset: { version: 6, rowCount: 16, columns: [{ type: "TEXT" }, { type: "TEXT" }] },
  });
});
