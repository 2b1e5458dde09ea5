import { expect, test } from "vitest";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { inTransaction } from "../../../src/db/transaction.ts";
import { newKeyText } from "../../../src/identity/secret/key-text.ts";
import { aWorld, type Answer, uniqueName, type World } from "../../support/world.ts";
import sql from "sql-template-tag";

const VIEWER = "{ viewer { id } }";

/** The body without the one part that is different for every request. */
function withoutRequestId({ text }: Answer): string {
  return text.replace(/"requestId":"[^"]*"/, '"requestId":""');
}

async function revoked(world: World): Promise<string> {
  const { id, secret } = await world.keyWithId({ roles: [{}] });
  await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { status } } }`, {
    variables: { id },
  });
  return secret;
}

async function expired(world: World): Promise<string> {
  const key = await world.key({ roles: [{}], expiresAt: new Date(Date.now() + 60_000) });
  world.wait(61);
  return key;
}

async function rolledAway(world: World): Promise<string> {
  const { id, secret } = await world.keyWithId({ roles: [{}] });
  await world.ask(`mutation ($id: ID!) { rollKey(input: { id: $id }) { secret } }`, {
    variables: { id },
  });
  return secret;
}

async function ofADeletedTenant({ database }: World): Promise<string> {
  const { tenantId, key } = await createTenant(database, { slug: uniqueName("t") });
  const operator = { role: "fieldgate_operator", tenantId: null, mode: "write" } as const;
  await inTransaction(database, operator, (transaction) =>
    transaction.query(sql`DELETE FROM tenant WHERE id = ${tenantId}::uuid`),
  );
  return key;
}

const BAD: Readonly<Record<string, (world: World) => string | Promise<string>>> = {
  malformed: () => "fgk_short",
  "of another kind": () => "Zm9vOmJhcg==",
  empty: () => "",
  mistyped: ({ admin }) => admin.slice(0, -1) + (admin.endsWith("0") ? "1" : "0"),
  "with two characters swapped": ({ admin }) =>
    admin.replace(/(?<=^fgk_.*)(.)(?!\1)(.)/, (_, one: string, two: string) => two + one),
  "too large for its bytes": () => `fgk_${"z".repeat(92)}`,
  "unknown in a known tenant": ({ tenantId }) =>
    newKeyText(tenantId, "01936f2e-0000-7000-8000-000000000000").text,
  "of a tenant that never was": ({ keyId }) =>
    newKeyText("01936f2e-0000-7000-8000-000000000000", keyId).text,
  "of a known id with another secret": ({ tenantId, keyId }) => newKeyText(tenantId, keyId).text,
  revoked,
  expired,
  "rolled away": rolledAway,
  "of a deleted tenant": ofADeletedTenant,
};

test.each(Object.entries(BAD))("a key that is %s is refused in the same words", async (_, bad) => {
  const world = await aWorld();
  const reference = await world.run(VIEWER, { key: "no key at all" });
  expect(reference).toMatchObject({
    status: 401,
    errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
  const answer = await world.run(VIEWER, { key: await bad(world) });
  expect(answer.status).toBe(401);
  expect(withoutRequestId(answer)).toBe(withoutRequestId(reference));
});

test("a key is accepted in either header", async () => {
  const world = await aWorld();
  const { data } = await world.run(VIEWER);
  const bearer = { authorization: `Bearer ${world.admin}` };
  expect((await world.run(VIEWER, { key: null, headers: bearer })).data).toEqual(data);
});

test("two credentials are refused, also where they are the same", async () => {
  const world = await aWorld();
  const headers = { authorization: `Bearer ${world.admin}` };
  const answer = await world.run(VIEWER, { headers });
  expect(answer.status).toBe(401);
  expect(withoutRequestId(answer)).toBe(
    withoutRequestId(await world.run(VIEWER, { key: "no key at all" })),
  );
});

test.each(["Basic Zm9vOmJhcg==", "Bearer", "Bearer a b", "DPoP abc"])(
  "%s is no credential of ours, and not nobody's either",
  async (authorization) => {
    const world = await aWorld();
    expect(await world.run(VIEWER, { key: null, headers: { authorization } })).toMatchObject({
      status: 401,
    });
  },
);

test("a tenant header that contradicts the key is refused", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const named = (slug: string) => world.run(VIEWER, { headers: { "x-fieldgate-tenant": slug } });
  expect((await named(world.slug)).status).toBe(200);
  expect((await named(other.slug)).status).toBe(401);
  expect((await named("nobody_has_this")).status).toBe(401);
  expect((await named("")).status).toBe(401);
});

test("a key expires at its moment and not before", async () => {
  const world = await aWorld();
  const key = await world.key({
    roles: [{ permissions: ["viewer::get"] }],
    expiresAt: new Date(Date.now() + 60_000),
  });
  world.wait(55);
  expect((await world.run(VIEWER, { key })).status).toBe(200);
  world.wait(6);
  expect((await world.run(VIEWER, { key })).status).toBe(401);
});

test("the old secret of a rolled key works until its overlap ends", async () => {
  const world = await aWorld();
  const { id, secret: old } = await world.keyWithId({ roles: [{ permissions: ["viewer::get"] }] });
  const { rollKey } = await world.ask<{ rollKey: { secret: string; key: { id: string } } }>(
    `mutation ($id: ID!) {
       rollKey(input: { id: $id, overlapSeconds: 60 }) { secret key { id } }
     }`,
    { variables: { id } },
  );
  expect(rollKey.key.id).toBe(id);
  expect(rollKey.secret).not.toBe(old);
  const status = async (key: string) => (await world.run(VIEWER, { key })).status;
  world.wait(55);
  const overlap = async () => {
    const { keys } = await world.ask<{ keys: { nodes: { id: string; overlapUntil: unknown }[] } }>(
      "{ keys { nodes { id overlapUntil } } }",
    );
    return keys.nodes.find((key) => key.id === id)?.overlapUntil;
  };
  expect([await status(old), await status(rollKey.secret)]).toEqual([200, 200]);
  expect(await overlap()).toEqual(expect.any(String));
  world.wait(6);
  expect([await status(old), await status(rollKey.secret)]).toEqual([401, 200]);
  expect(await overlap()).toBeNull();
});

test("a rolled and revoked key is refused with both of its secrets", async () => {
  const world = await aWorld();
  const { id, secret: old } = await world.keyWithId({ roles: [{ permissions: ["viewer::get"] }] });
  const { rollKey } = await world.ask<{ rollKey: { secret: string } }>(
    `mutation ($id: ID!) { rollKey(input: { id: $id, overlapSeconds: 60 }) { secret } }`,
    { variables: { id } },
  );
  await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
    variables: { id },
  });
  const status = async (key: string) => (await world.run(VIEWER, { key })).status;
  expect([await status(old), await status(rollKey.secret)]).toEqual([401, 401]);
});
