import { expect, test } from "vitest";
import { aWorld } from "../../support/world.ts";

const VIEWER = "{ viewer { kind id name roles permissions } }";

test("the viewer is the key that asks, with what its roles give", async () => {
  const world = await aWorld();
  const key = await world.keyWithId({
    name: "Reports",
    roles: [
      { name: "reader", permissions: ["viewer::get", "custom::reports"] },
      { name: "lister", permissions: ["role::find"] },
    ],
  });
  expect((await world.run(VIEWER, { key: key.secret })).data).toEqual({
    viewer: {
      kind: "KEY",
      id: key.id,
      name: "Reports",
      roles: ["lister", "reader"],
      permissions: ["custom::reports", "role::find", "viewer::get"],
    },
  });
});

test("the administrator holds every permission that `permissions` lists", async () => {
  const world = await aWorld();
  const answer = await world.ask<{
    viewer: { permissions: string[] };
    permissions: { name: string }[];
  }>("{ viewer { permissions } permissions { name } }");
  expect(answer.viewer.permissions).toEqual(answer.permissions.map(({ name }) => name));
  expect(answer.viewer.permissions.length).toBeGreaterThan(30);
});

test("a viewer's tenant is for whoever may see the tenant", async () => {
  const world = await aWorld();
  const query = "{ viewer { kind tenant { slug } } }";
  const key = await world.key({ roles: [{ permissions: ["viewer::get"] }] });
  expect(await world.run(query, { key })).toMatchObject({
    data: { viewer: { kind: "KEY", tenant: null } },
    errors: [{ path: ["viewer", "tenant"], extensions: { code: "FORBIDDEN" } }],
  });
  expect((await world.run(query)).data).toEqual({
    viewer: { kind: "KEY", tenant: { slug: world.slug } },
  });
});

test("a request narrows itself to exactly the roles that it names", async () => {
  const world = await aWorld();
  const key = await world.key({
    roles: [
      { name: "one", permissions: ["viewer::get", "role::find"] },
      { name: "two", permissions: ["viewer::get", "key::find"] },
    ],
  });
  const narrowed = (roles: string) =>
    world.run(VIEWER, { key, headers: { "x-fieldgate-roles": roles } });
  expect((await narrowed("one")).data).toMatchObject({
    viewer: { roles: ["one"], permissions: ["role::find", "viewer::get"] },
  });
  expect((await narrowed("two, one")).data).toMatchObject({ viewer: { roles: ["one", "two"] } });
});

test.each(["one,administrator", "nobody", "", "one,", "anonymous", "constructor", "ONE"])(
  "a request that narrows itself to %j, which it lacks, has no role at all",
  async (roles) => {
    const world = await aWorld();
    const key = await world.key({ roles: [{ name: "one", permissions: ["viewer::get"] }] });
    const headers = { "x-fieldgate-roles": roles };
    expect(await world.run(VIEWER, { key, headers })).toMatchObject({
      status: 200,
      data: { viewer: null },
      errors: [{ extensions: { code: "FORBIDDEN", missing: { name: "viewer::get" } } }],
    });
  },
);

test("narrowing takes rights away also from a mutation", async () => {
  const world = await aWorld();
  const key = await world.key({
    roles: [
      { name: "looker", permissions: ["role::find"] },
      { name: "maker", permissions: ["role::create", "role::find"] },
    ],
  });
  const make = (headers: Record<string, string>) =>
    world.run(`mutation { createRole(input: { name: "made" }) { role { name } } }`, {
      key,
      headers,
    });
  expect(await make({ "x-fieldgate-roles": "looker" })).toMatchObject({
    errors: [{ extensions: { code: "FORBIDDEN" } }],
  });
  expect(await make({})).toMatchObject({ data: { createRole: { role: { name: "made" } } } });
});
