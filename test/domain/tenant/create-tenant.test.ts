import { expect, test } from "vitest";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { aWorld, uniqueName } from "../../support/world.ts";

test("a new tenant's first key is accepted", async () => {
  const world = await aWorld();
  const { status, data } = await world.run("{ viewer { id } }");
  expect(status).toBe(200);
  expect(data).toEqual({ viewer: { id: `key_${world.keyId.replaceAll("-", "")}` } });
});

test("a slug belongs to one tenant", async () => {
  const world = await aWorld();
  await expect(createTenant(world.database, { slug: world.slug })).rejects.toThrow(/is taken/);
});

test.each(["", "A", "1a", "a-b", "a ", "a\n", "_a", `a${"b".repeat(63)}`, "ä"])(
  "%j is no slug",
  async (slug) => {
    const { database } = await aWorld();
    await expect(createTenant(database, { slug })).rejects.toThrow(/slug is/);
  },
);

test("a slug has up to 63 characters", async () => {
  const { database } = await aWorld();
  const slug = uniqueName("t").padEnd(63, "x");
  await expect(createTenant(database, { slug })).resolves.toHaveProperty("key");
});
