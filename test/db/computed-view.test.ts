import { afterAll, expect, test } from "vitest";
import { statementsOf } from "../support/statements.ts";
import { aWorld } from "../support/world.ts";

const world = await aWorld();
afterAll(() => world.database.close());

const statementsFor = statementsOf(world.database);

/** What the planner may not take apart: each predicate is asked there once of a row. */
const ONCE = "OFFSET 0";

test("predicates stand where few columns need them, are asked once where many do, and tell the same", async () => {
  const names = ["a", "b", "c"];
  const made = await world.dataset({
    columns: names.map((name) => ({ name, type: "INTEGER" })),
    rows: [1, 2, 3].map((a) => ({ a, b: a * 10, c: a * 100 })),
  });
  const datasetId = made.id;
  const reads = (name: string) =>
    ({ datasetId, columnId: made.columns[name] ?? "", read: "ALLOW" }) as const;
  const where = (filter: object) => ({
    datasetId,
    rowFilter: { read: { column: "a", ...filter } },
  });
  const key = await world.key({
    roles: [
      { permissions: ["dataset::get", "row::get"], grants: [where({ le: 2 }), reads("b")] },
      { grants: [where({ ge: 2 }), reads("c")] },
    ],
  });
  const asked = async (field: string) => {
    const query = `query ($id: ID!) { dataset(id: $id) { ${field} } }`;
    const variables = { id: datasetId };
    const statements = await statementsFor(query, key, variables);
    const data = await world.ask<{ dataset: unknown }>(query, { key, variables });
    return { data: data.dataset, isOnce: statements.some((text) => text.includes(ONCE)) };
  };
  const groups = (args: string) => asked(`aggregate(${args}) { nodes { count sum } }`);

  expect(await asked("rowCount")).toEqual({ data: { rowCount: 3 }, isOnce: false });
  const sum = { b: "30", c: "500" };
  const data = { aggregate: { nodes: [{ count: 3, sum }] } };
  expect(await groups(`sum: ["b", "c"]`)).toEqual({ data, isOnce: false });
  const others = `avg: ["b", "c"], min: ["b"]`;
  expect(await groups(`sum: ["b", "c"], ${others}`)).toEqual({ data, isOnce: true });
});
