import { expect, onTestFinished, test } from "vitest";
import { Journal } from "../../../src/events/journal.ts";
import { createLog } from "../../../src/http/log.ts";
import { TRANSFERS } from "../../../src/http/transfer.ts";
import { createTransfers } from "../../../src/transfers/create-transfers.ts";
import { type Asking, aWorld, type World } from "../../support/world.ts";
import { aShop } from "./shop.ts";

const permissions = ["viewer::get"];
const VIEWER = "{ viewer { roles permissions } }";

const isAccepted = async (world: World, asking: Asking) =>
  (await world.run(VIEWER, asking)).status === 200;

async function statusOf(world: World, id: string) {
  const { accessToken } = await world.ask<{ accessToken: { status: string } }>(
    `query ($id: ID!) { accessToken(id: $id) { status } }`,
    { variables: { id } },
  );
  return accessToken.status;
}

test("a token that is not used ends, and each use has it go on", async () => {
  const world = await aWorld();
  const [used, unused] = [
    await world.token({ roles: [{ permissions }], idleSeconds: 60 }),
    await world.token({ roles: [{ permissions }], idleSeconds: 60 }),
  ];
  for (let round = 0; round < 3; round += 1) {
    world.wait(50);
    expect(await isAccepted(world, used.asking)).toBe(true);
  }
  expect(await isAccepted(world, unused.asking)).toBe(false);
  expect([await statusOf(world, used.id), await statusOf(world, unused.id)]).toEqual([
    "ACTIVE",
    "IDLE",
  ]);
  world.wait(60);
  expect(await isAccepted(world, used.asking)).toBe(false);
});

test("unless it says so, it ends after twenty minutes unused and after twelve hours in any case", async () => {
  const world = await aWorld();
  const [one, other] = [
    await world.token({ roles: [{ permissions }] }),
    await world.token({ roles: [{ permissions }] }),
  ];
  world.wait(1_190);
  expect(await isAccepted(world, one.asking)).toBe(true);
  world.wait(11);
  expect(await isAccepted(world, other.asking)).toBe(false);
  for (let waited = 1_201; waited < 43_190; waited += 1_000) {
    expect(await isAccepted(world, one.asking)).toBe(true);
    world.wait(1_000);
  }
  expect(await statusOf(world, one.id)).toBe("EXPIRED");
  expect(await isAccepted(world, one.asking)).toBe(false);
});

test("it ends in time however much it is used", async () => {
  const world = await aWorld();
  const { asking, id } = await world.token({ roles: [{ permissions }], maxSeconds: 120 });
  world.wait(119);
  expect(await isAccepted(world, asking)).toBe(true);
  world.wait(1.5);
  expect(await isAccepted(world, asking)).toBe(false);
  expect(await statusOf(world, id)).toBe("EXPIRED");
});

test("it ends with its key, at once, whether that is revoked or expires", async () => {
  const world = await aWorld();
  const roles = [{ permissions: [...permissions, "access_token::create"] }];
  const revoked = await world.keyWithId({ roles });
  const expiring = await world.keyWithId({ roles, expiresAt: new Date(Date.now() + 60_000) });
  const tokens = [
    await world.token({ key: revoked.secret }),
    await world.token({ key: expiring.secret }),
  ];
  for (const { asking } of tokens) expect(await isAccepted(world, asking)).toBe(true);
  await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
    variables: { id: revoked.id },
  });
  const accepted = () => Promise.all(tokens.map(({ asking }) => isAccepted(world, asking)));
  expect(await accepted()).toEqual([false, true]);
  world.wait(61);
  expect(await accepted()).toEqual([false, false]);
  expect(await Promise.all(tokens.map(({ id }) => statusOf(world, id)))).toEqual([
    "KEY_GONE",
    "KEY_GONE",
  ]);
});

test("it stays when its key is given another secret", async () => {
  const world = await aWorld();
  const key = await world.keyWithId({
    roles: [{ permissions: [...permissions, "access_token::create"] }],
  });
  const { asking } = await world.token({ key: key.secret });
  await world.ask(`mutation ($id: ID!) { rollKey(input: { id: $id }) { secret } }`, {
    variables: { id: key.id },
  });
  expect(await isAccepted(world, asking)).toBe(true);
  expect(await isAccepted(world, { key: key.secret })).toBe(false);
});

test("it ends when it is revoked, at once, and also by itself", async () => {
  const world = await aWorld();
  const REVOKE = `mutation ($id: ID!) { revokeAccessToken(input: { id: $id }) { accessToken { status revokedAt } } }`;
  const [one, other] = [
    await world.token({ roles: [{ permissions }] }),
    await world.token({ roles: [{ permissions: [...permissions, "access_token::revoke"] }] }),
  ];
  expect(await isAccepted(world, one.asking)).toBe(true);
  const revoke = (id: string, asking: Asking = {}) =>
    world.run<{ revokeAccessToken: { accessToken: object } }>(REVOKE, {
      ...asking,
      variables: { id },
    });
  const first = await revoke(one.id);
  expect(first.data?.revokeAccessToken.accessToken).toMatchObject({ status: "REVOKED" });
  expect(await isAccepted(world, one.asking)).toBe(false);
  world.wait(5);
  expect((await revoke(one.id)).text).toBe(first.text);
  expect(await isAccepted(world, other.asking)).toBe(true);
  expect((await revoke(other.id, other.asking)).status).toBe(401);
  expect(await isAccepted(world, other.asking)).toBe(false);
  expect(await statusOf(world, other.id)).toBe("REVOKED");
});

test("it has what its key has at the time, and never more", async () => {
  const world = await aWorld();
  const [looking, minting] = [
    await world.role({ name: "looking", permissions }),
    await world.role({ name: "minting", permissions: [...permissions, "access_token::create"] }),
  ];
  const key = await world.key({ roles: [looking, minting] });
  const [whole, part] = [
    await world.token({ key }),
    await world.token({ key, roleIds: [minting] }),
  ];
  const held = async ({ asking }: { asking: Asking }) =>
    (await world.ask<{ viewer: { roles: string[]; permissions: string[] } }>(VIEWER, asking))
      .viewer;
  expect((await held(whole)).roles).toEqual(["looking", "minting"]);
  expect(await held(part)).toEqual({
    roles: ["minting"],
    permissions: ["access_token::create", "viewer::get"],
  });
  const update = (permissionsLeft: string[]) =>
    world.ask(
      `mutation ($id: ID!, $permissions: [String!]) {
         updateRole(input: { id: $id, permissions: $permissions }) { role { id } } }`,
      { variables: { id: minting, permissions: permissionsLeft } },
    );
  await update(permissions);
  expect((await held(part)).permissions).toEqual(permissions);
  await update([...permissions, "role::find"]);
  expect((await held(part)).permissions).toEqual(["role::find", "viewer::get"]);
  await world.ask(`mutation ($id: ID!) { deleteRole(input: { id: $id }) { id } }`, {
    variables: { id: minting },
  });
  expect((await held(whole)).roles).toEqual(["looking"]);
  const { errors } = await world.run(VIEWER, part.asking);
  expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
});

test("tokens that ended long ago are forgotten when others are made, a few at a time", async () => {
  const world = await aWorld();
  const key = await world.key({ roles: [{ permissions: ["access_token::create"] }] });
  for (let made = 0; made < 25; made += 1) await world.token({ key, maxSeconds: 60 });
  const count = async () =>
    (await world.ask<{ accessTokens: { totalCount: number } }>("{ accessTokens { totalCount } }"))
      .accessTokens.totalCount;
  const day = 24 * 60 * 60;
  world.wait(60 + 30 * day - 60);
  await world.token({ key });
  expect(await count()).toBe(26);
  world.wait(180);
  await world.token({ key });
  expect(await count()).toBe(7);
  await world.token({ key });
  expect(await count()).toBe(3);
});

test("a file that comes for longer than a token may rest is a use of it all the while", async () => {
  const { world, sales, key } = await aShop();
  const { asking } = await world.token({ key, idleSeconds: 60 });
  const { importRows } = await world.ask<{ importRows: { url: string } }>(
    `mutation ($input: ImportRowsInput!) { importRows(input: $input) { url } }`,
    { ...asking, variables: { input: { datasetId: sales.id, format: "CSV" } } },
  );
  const { database, now } = world;
  const log = createLog("silent");
  const journal = new Journal({ database, log, now });
  onTestFinished(() => journal.close());
  const transfers = createTransfers({ database, log, now, journal });
  async function* pieces() {
    yield Buffer.from("region,amount\n");
    for (let piece = 0; piece < 4; piece += 1) {
      yield Buffer.from("EU,1\n".repeat(3_000));
      world.wait(25);
    }
  }
  const presenting = { requestId: "test", ip: null, signal: new AbortController().signal };
  const upload = { bytes: null, chunks: pieces() };

  await transfers.upload(importRows.url.replace(TRANSFERS, ""), upload, presenting);
  expect((await world.run("{ viewer { id } }", asking)).status).toBe(200);
  world.wait(61);
  expect((await world.run("{ viewer { id } }", asking)).status).toBe(401);
});
