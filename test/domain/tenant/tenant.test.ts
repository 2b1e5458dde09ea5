import { expect, test } from "vitest";
import { aWorld, uniqueName } from "../../support/world.ts";

const TENANT = "{ tenant { id slug label createdAt } }";
const UPDATE = `
  mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { slug label } } }`;

test("the tenant is that of the key", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const { data } = await world.run(TENANT);
  expect(data).toMatchObject({ tenant: { slug: world.slug, label: world.slug } });
  expect(await other.run(TENANT)).toMatchObject({ data: { tenant: { slug: other.slug } } });
});

test("the tenant needs a permission of its own", async () => {
  const world = await aWorld();
  const without = await world.key({ roles: [{ permissions: ["viewer::get"] }] });
  const holding = await world.key({ roles: [{ permissions: ["tenant::get"] }] });
  expect(await world.run(TENANT, { key: without })).toMatchObject({
    data: { tenant: null },
    errors: [{ extensions: { code: "FORBIDDEN", missing: { name: "tenant::get" } } }],
  });
  expect(await world.run(TENANT, { key: holding })).toMatchObject({ errors: [] });
});

test("a tenant is renamed, and its old slug leads nowhere", async () => {
  const world = await aWorld();
  const slug = uniqueName("t");
  const input = { slug, label: "Ärzte & Söhne" };
  expect((await world.run(UPDATE, { variables: { input } })).data).toEqual({
    updateTenant: { tenant: input },
  });
  const status = async (name: string) => {
    const headers = { "x-fieldgate-tenant": name };
    return (await world.run("{ viewer { kind } }", { headers })).status;
  };
  expect([await status(slug), await status(world.slug)]).toEqual([200, 401]);
});

test("a slug that is another tenant's is refused, and nothing is written", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const input = { slug: other.slug, label: "mine" };
  const { errors } = await world.run(UPDATE, { variables: { input } });
  expect(errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  expect(errors[0]?.message).toContain(other.slug);
  expect(await world.run(TENANT)).toMatchObject({
    data: { tenant: { slug: world.slug, label: world.slug } },
  });
});

test("a tenant keeps its slug when it is given again", async () => {
  const world = await aWorld();
  const { errors } = await world.run(UPDATE, { variables: { input: { slug: world.slug } } });
  expect(errors).toEqual([]);
});

test("everything that is wrong with a change of the tenant is told at once", async () => {
  const world = await aWorld();
  const { errors } = await world.run(UPDATE, { variables: { input: { slug: "No", label: "" } } });
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect(errors[0]?.message).toMatch(/label.*slug/s);
});

test("to change the tenant takes a permission of its own", async () => {
  const world = await aWorld();
  const key = await world.key({ roles: [{ permissions: ["tenant::get"] }] });
  const { errors } = await world.run(UPDATE, { key, variables: { input: { label: "x" } } });
  expect(errors).toMatchObject([
    { extensions: { missing: { gate: "PERMISSION", name: "tenant::update" } } },
  ]);
});

test("an unknown slug answers like a tenant that opened nothing", async () => {
  const world = await aWorld();
  const asked = "{ viewer { kind id name roles permissions } datasets { totalCount } }";
  const ask = (slug: string) =>
    world.run(asked, { key: null, headers: { "x-fieldgate-tenant": slug } });
  const known = await ask(world.slug);
  expect(known.data).toMatchObject({ viewer: { kind: "ANONYMOUS" }, datasets: { totalCount: 0 } });
  expect((await ask("nobody_has_this")).text).toBe(known.text);
  expect((await ask("'; DROP TABLE tenant --")).text).toBe(known.text);
});

test("to open registration or to close it is to change rights: nobody registers by what was so before", async () => {
  const world = await aWorld();
  const version = async () => {
    const { rows } = await world.database.pool.query<{ rights_version: string }>(
      "SELECT rights_version FROM tenant WHERE id = $1",
      [world.tenantId],
    );
    return Number(rows[0]?.rights_version);
  };
  const before = await version();
  await world.ask("mutation { updateTenant(input: {openRegistration: true}) { tenant { id } } }");
  const between = await version();
  await world.ask("mutation { updateTenant(input: {openRegistration: false}) { tenant { id } } }");

  expect([between - before, (await version()) - between]).toEqual([1, 1]);
});
