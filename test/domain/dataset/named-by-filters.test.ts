import { expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const REMOVE = `mutation ($id: ID!) { removeColumn(input: {id: $id}) { dataset { id } } }`;
const CONVERT = `mutation ($id: ID!) { updateColumn(input: {id: $id, type: TEXT}) { column { type } } }`;
const RENAME = `mutation ($id: ID!) { updateColumn(input: {id: $id, name: "amount"}) { column { name } } }`;

async function aScene() {
  const world = await aWorld();
  const { id: datasetId, columns } = await world.dataset({
    name: "sales",
    columns: [
      { name: "region", type: "TEXT" },
      { name: "price", type: "INTEGER" },
    ],
    rows: [{ region: "US", price: 1 }],
  });
  const price = columns["price"] ?? "";
  const filter = {
    not: {
      or: [
        { column: "price", gt: 1 },
        { column: "region", eq: "EU" },
      ],
    },
  };
  const roleId = await world.role({
    grants: [{ datasetId, delete: "ALLOW", rowFilter: { delete: filter } }],
  });
  return { world, datasetId, price, roleId };
}

async function outcome(world: World, document: string, id: string, key = world.admin) {
  const { errors } = await world.run(document, { key, variables: { id } });
  return errors[0]?.extensions ?? null;
}

test("a column that a row filter names neither goes nor changes its type", async () => {
  const { world, datasetId, price, roleId } = await aScene();
  const { role } = await world.ask<{ role: { grants: { id: string }[] } }>(
    `query ($id: ID!) { role(id: $id) { grants { id } } }`,
    { variables: { id: roleId } },
  );
  const namedBy = [{ kind: "ROW_FILTER", dataset: "sales", column: null, id: role.grants[0]?.id }];
  expect(await outcome(world, REMOVE, price)).toMatchObject({ code: "CONFLICT", namedBy });
  expect(await outcome(world, CONVERT, price)).toMatchObject({ code: "CONFLICT", namedBy });
  expect(await outcome(world, RENAME, price)).toBeNull();
  await world.ask(
    `mutation ($input: RemoveGrantInput!) { removeGrant(input: $input) { role { id } } }`,
    { variables: { input: { roleId, datasetId } } },
  );
  expect(await outcome(world, CONVERT, price)).toBeNull();
  expect(await outcome(world, REMOVE, price)).toBeNull();
});

test("of grants whose filters name it, those are listed that the caller may know", async () => {
  const { world, datasetId, price } = await aScene();
  const key = await world.key({
    roles: [
      {
        permissions: ["column::remove"],
        grants: [{ datasetId, columnId: price, read: "ALLOW" }],
      },
    ],
  });
  expect(await outcome(world, REMOVE, price, key)).toMatchObject({ code: "CONFLICT", namedBy: [] });
});
