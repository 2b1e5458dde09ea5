import { expect, test } from "vitest";
import { encodeId } from "../../../src/db/id.ts";
import { aWorld, type World } from "../../support/world.ts";

const NODE = `query ($id: ID!) { node(id: $id) { __typename id } }`;

async function everyKindOfThing(world: World) {
  const { id: datasetId } = await world.dataset({ columns: [{ name: "title", type: "TEXT" }] });
  const Role = await world.role({ grants: [{ datasetId, read: "ALLOW" }] });
  const { role } = await world.ask<{ role: { grants: { id: string }[] } }>(
    `query ($id: ID!) { role(id: $id) { grants { id } } }`,
    { variables: { id: Role } },
  );
  const things = {
    Role,
    Grant: role.grants[0]?.id ?? "",
    Key: encodeId("Key", world.keyId),
    Tenant: encodeId("Tenant", world.tenantId),
  };
  return { datasetId, things };
}

test.each([
  ["Role", "role::find", "key::find"],
  ["Grant", "role::find", "key::find"],
  ["Key", "key::find", "role::find"],
  ["Tenant", "tenant::get", "role::find"],
] as const)("node finds a %s for whoever holds %s", async (type, needed, useless) => {
  const world = await aWorld();
  const { datasetId, things } = await everyKindOfThing(world);
  const grants = [{ datasetId, read: "ALLOW" }] as const;
  const holding = await world.key({ roles: [{ permissions: ["node::get", needed], grants }] });
  const lacking = await world.key({ roles: [{ permissions: ["node::get", useless], grants }] });
  const id = things[type];
  expect((await world.run(NODE, { key: holding, variables: { id } })).data).toEqual({
    node: { __typename: type, id },
  });
  const unknown = id.replace(/.{8}$/, "00000000");
  const nothing = await world.run(NODE, { key: holding, variables: { id: unknown } });
  expect(nothing).toMatchObject({ data: { node: null }, errors: [] });
  expect(await world.run(NODE, { key: lacking, variables: { id } })).toEqual(nothing);
});

test.each(["Role", "Grant", "Key", "Tenant"] as const)(
  "node finds no %s of another tenant",
  async (type) => {
    const [world, other] = [await aWorld(), await aWorld()];
    const { things } = await everyKindOfThing(other);
    const asked = { variables: { id: things[type] } };
    expect((await world.run(NODE, asked)).data).toEqual({ node: null });
    expect((await other.run(NODE, asked)).data).toEqual({
      node: { __typename: type, id: things[type] },
    });
  },
);
