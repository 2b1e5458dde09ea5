import { expect, test } from "vitest";
import { newKeyText } from "../../../src/identity/secret/key-text.ts";
import { aWorld, type World } from "../../support/world.ts";

const CHECK = `
  query ($permission: String!, $key: String) {
    checkAccess(permission: $permission, key: $key) { hasAccess }
  }`;

async function hasAccess(world: World, permission: string, asking: { key?: string; of?: string }) {
  const { key = world.admin, of } = asking;
  return await world.run(CHECK, { key, variables: { permission, key: of } });
}

const YES = { data: { checkAccess: { hasAccess: true } }, errors: [] };
const NO = { data: { checkAccess: { hasAccess: false } }, errors: [] };

test("the caller holds what its roles give", async () => {
  const world = await aWorld();
  const key = await world.key({ roles: [{ permissions: ["access::check", "custom::reports"] }] });
  expect(await hasAccess(world, "custom::reports", { key })).toMatchObject(YES);
  expect(await hasAccess(world, "custom::other", { key })).toMatchObject(NO);
  expect(await hasAccess(world, "access::check", { key })).toMatchObject(YES);
  expect(await hasAccess(world, "key::find", { key })).toMatchObject(NO);
});

test("the administrator holds everything there is, and nothing that there is not", async () => {
  const world = await aWorld();
  expect(await hasAccess(world, "custom::anything", {})).toMatchObject(YES);
  expect(await hasAccess(world, "grant::any", {})).toMatchObject(YES);
  for (const permission of ["no::such", "toString", "__proto__", "", "\0"]) {
    // eslint-disable-next-line no-await-in-loop
    expect(await hasAccess(world, permission, {})).toMatchObject(NO);
  }
});

test("to ask at all takes a permission", async () => {
  const world = await aWorld();
  const key = await world.key({ roles: [{ permissions: ["key::check_access"] }] });
  expect(await hasAccess(world, "row::get", { key })).toMatchObject({
    data: { checkAccess: null },
    errors: [{ extensions: { missing: { name: "access::check" } } }],
  });
});

test("a presented key is asked about with a permission of its own", async () => {
  const world = await aWorld();
  const of = await world.key({ roles: [{ permissions: ["row::get"] }] });
  const without = await world.key({ roles: [{ permissions: ["access::check"] }] });
  const holding = await world.key({
    roles: [{ permissions: ["access::check", "key::check_access"] }],
  });
  expect(await hasAccess(world, "row::get", { key: holding, of })).toMatchObject(YES);
  expect(await hasAccess(world, "row::find", { key: holding, of })).toMatchObject(NO);
  expect(await hasAccess(world, "row::get", { key: without, of })).toMatchObject({
    data: { checkAccess: null },
    errors: [{ extensions: { missing: { gate: "PERMISSION", name: "key::check_access" } } }],
  });
});

test("a presented key answers by its own roles and kind, not by the caller's", async () => {
  const world = await aWorld();
  const roles = [{ permissions: ["dataset::create", "dataset::find"] }];
  const publishable = await world.key({ roles, publishable: true });
  expect(await hasAccess(world, "dataset::find", { of: publishable })).toMatchObject(YES);
  expect(await hasAccess(world, "dataset::create", { of: publishable })).toMatchObject(NO);
  const usual = await world.key({ roles });
  expect(await hasAccess(world, "dataset::create", { of: usual })).toMatchObject(YES);
  expect(await hasAccess(world, "key::find", { of: usual })).toMatchObject(NO);
});

test("a key that proves nothing here is answered false, byte for byte alike", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const roles = [{ permissions: ["row::get"] }];
  const valid = await world.key({ roles });
  const lacking = await world.key({ roles: [{}] });
  const revoked = await world.keyWithId({ roles });
  await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
    variables: { id: revoked.id },
  });
  const expired = await world.key({ roles, expiresAt: new Date(Date.now() + 60_000) });
  expect(await hasAccess(world, "row::get", { of: expired })).toMatchObject(YES);
  world.wait(61);
  const reference = await hasAccess(world, "row::get", { of: lacking });
  expect(reference).toMatchObject(NO);
  const texts = [
    other.admin,
    await other.key({ roles }),
    revoked.secret,
    expired,
    newKeyText(world.tenantId, world.keyId).text,
    newKeyText(world.tenantId, other.keyId).text,
    newKeyText(other.tenantId, world.keyId).text,
    "fgk_nonsense",
    "",
    valid.slice(0, -1),
  ];
  for (const of of texts) {
    // eslint-disable-next-line no-await-in-loop
    expect(await hasAccess(world, "row::get", { of })).toEqual(reference);
  }
  expect(await hasAccess(world, "row::get", { of: valid })).toMatchObject(YES);
  expect(await hasAccess(other, "row::get", { of: other.admin })).toMatchObject(YES);
});

test("a presented administrator holds nothing that there is not", async () => {
  const world = await aWorld();
  expect(await hasAccess(world, "custom::a", { of: world.admin })).toMatchObject(YES);
  expect(await hasAccess(world, "no::such", { of: world.admin })).toMatchObject(NO);
});

test("narrowing the caller does not narrow the key that it presents", async () => {
  const world = await aWorld();
  const of = await world.key({ roles: [{ permissions: ["row::get"] }] });
  const headers = { "x-fieldgate-roles": "administrator" };
  const variables = { permission: "row::get", key: of };
  expect(await world.run(CHECK, { headers, variables })).toMatchObject(YES);
});

test("the public asks for itself and about no key", async () => {
  const world = await aWorld();
  const headers = { "x-fieldgate-tenant": world.slug };
  const ask = (permission: string, key: string | null) =>
    world.run(CHECK, { key: null, headers, variables: { permission, key } });
  expect(await ask("dataset::find", null)).toMatchObject(YES);
  expect(await ask("role::find", null)).toMatchObject(NO);
  expect(await ask("dataset::find", world.admin)).toMatchObject({
    errors: [{ extensions: { missing: { name: "key::check_access" } } }],
  });
});

test("every permission there is has a name and says what it allows", async () => {
  const world = await aWorld();
  const { permissions } = await world.ask<{
    permissions: { name: string; description: string }[];
  }>("{ permissions { name description } }");
  const names = permissions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(names.toSorted());
  expect(permissions.filter(({ description }) => description.length < 10)).toEqual([]);
  for (const name of ["dataset::create", "row::get", "grant::any", "access::check", "role::find"]) {
    expect(names).toContain(name);
  }
});

test("the list of permissions is for whoever may find permissions", async () => {
  const world = await aWorld();
  const lacking = await world.key({ roles: [{ permissions: ["viewer::get"] }] });
  const holding = await world.key({ roles: [{ permissions: ["permission::find"] }] });
  const query = "{ permissions { name } }";
  expect(await world.run(query, { key: lacking })).toMatchObject({ data: { permissions: null } });
  expect((await world.run(query, { key: holding })).errors).toEqual([]);
});
