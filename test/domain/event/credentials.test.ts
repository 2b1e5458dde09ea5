import { expect, it } from "vitest";
import { encodeId, newUuid } from "../../../src/db/id.ts";
import { newKeyText, parseKeyText } from "../../../src/identity/secret/key-text.ts";
import { aWorld } from "../../support/world.ts";
import { eventsDuring, inShort } from "./log.ts";

const VIEWER = "{ viewer { name } }";

const refused = (reason: string, target: string | null = null) => ({
  name: "system::authenticate",
  outcome: "FAILED",
  target,
  reason,
});

it("A key that is not accepted is an event of the tenant that its text names, with what was wrong", async () => {
  const world = await aWorld();
  const expiring = await world.keyWithId({
    roles: [{}],
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  const revoked = await world.keyWithId({ roles: [{}] });
  const contradicted = await world.keyWithId({ roles: [{ permissions: ["viewer::get"] }] });
  await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
    variables: { id: revoked.id },
  });
  const wrong = newKeyText(world.tenantId, parseKeyText(revoked.secret)?.keyId ?? "").text;
  const written = await eventsDuring(world, async () => {
    await world.run(VIEWER, { key: newKeyText(world.tenantId, newUuid()).text, ip: "192.0.2.9" });
    await world.run(VIEWER, { key: wrong });
    await world.run(VIEWER, { key: revoked.secret });
    await world.run(VIEWER, {
      key: contradicted.secret,
      headers: { "x-fieldgate-tenant": "another" },
    });
    world.wait(7_200);
    await world.run(VIEWER, { key: expiring.secret });
    // Whoever's key is accepted writes none.
    await world.run(VIEWER, { key: contradicted.secret });
  });

  expect(
    written
      .map(inShort)
      .toSorted((one, other) => (one.reason ?? "").localeCompare(other.reason ?? "")),
  ).toEqual([
    refused("EXPIRED", expiring.id),
    refused("OTHER_TENANT", contradicted.id),
    refused("REVOKED", revoked.id),
    refused("UNKNOWN"),
    refused("WRONG_SECRET", revoked.id),
  ]);
  expect(written.find(({ reason }) => reason === "UNKNOWN")).toMatchObject({
    principalKind: "ANONYMOUS",
    principalId: null,
    ip: "192.0.2.9",
  });
  for (const secret of [wrong, revoked.secret, expiring.secret]) {
    expect(JSON.stringify(written)).not.toContain(secret);
  }
});

it("Guessing keys writes one event a minute, that says how many they were", async () => {
  const world = await aWorld();
  const guess = () => world.run(VIEWER, { key: newKeyText(world.tenantId, newUuid()).text });
  const written = await eventsDuring(world, async () => {
    await Promise.all(Array.from({ length: 50 }, guess));
    await world.settle();
    world.wait(61);
  });

  expect(written.length).toBeLessThan(3);
  expect(new Set(written.map(({ reason }) => reason))).toEqual(new Set(["UNKNOWN"]));
  expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(50);
});

it("A credential that names no tenant that there is is nobody's event", async () => {
  const world = await aWorld();
  const { pool } = world.database;
  const strangers = [newKeyText(newUuid(), newUuid()).text, "fgk_nonsense", `${world.admin}x`];
  const written = await eventsDuring(world, async () => {
    for (const key of strangers) {
      const { errors } = await world.run(VIEWER, { key });
      expect(errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
    }
    await world.run(VIEWER, { headers: { authorization: `Bearer ${world.admin}` } });
  });
  const { rows } = await pool.query(
    "SELECT FROM event e WHERE NOT EXISTS (SELECT FROM tenant t WHERE t.id = e.tenant_id)",
  );

  expect(written).toEqual([]);
  expect(rows).toEqual([]);
});

it("A key that somebody asks about and that proves nothing is an event of who asks, not of whose it is", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const check = (key: string) =>
    world.ask(
      `query ($key: String) { checkAccess(permission: "role::get", key: $key) { hasAccess } }`,
      {
        variables: { key },
      },
    );
  const elsewhere = await eventsDuring(other, async () => {
    const written = await eventsDuring(world, async () => {
      await check(world.admin);
      await check(other.admin);
      await check(newKeyText(world.tenantId, newUuid()).text);
    });
    const failed = {
      name: "access::check",
      outcome: "FAILED",
      target: null,
      reason: "UNAUTHENTICATED",
    };
    expect(written.map(inShort)).toEqual([failed, failed]);
    expect(written[0]?.principalId).toBe(encodeId("Key", world.keyId));
  });

  expect(elsewhere).toEqual([]);
});
