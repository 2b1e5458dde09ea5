import { describe, expect, test } from "vitest";
import { type Asking, aWorld, type World } from "../../support/world.ts";

const MINT = `mutation ($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { secret accessToken { id } }
}`;

const mint = (world: World, key: string | null, input: object = {}) =>
  world.run(MINT, { key, variables: { input: { binding: "COOKIE", ...input } } });

const codesOf = ({ errors }: Awaited<ReturnType<typeof mint>>) =>
  errors.map(({ extensions }) => extensions.code);

/** A key with two roles, and their ids. */
async function aMinter(world: World) {
  const minting = await world.role({
    name: "minting",
    permissions: ["access_token::create", "viewer::get"],
  });
  const looking = await world.role({ name: "looking", permissions: ["viewer::get"] });
  const key = await world.keyWithId({ roles: [minting, looking] });
  return { minting, looking, key };
}

const VIEWER = "{ viewer { kind id name roles permissions client { id name } } }";

describe("createAccessToken", () => {
  test("makes a token that has what its key has, and says who it is", async () => {
    const world = await aWorld();
    const { key } = await aMinter(world);
    const token = await world.token({ key: key.secret, clientId: "acme", clientName: "ACME Corp" });
    expect(token.secret).toMatch(/^fga_[0-9A-Za-z]{92}$/);
    const [ofKey, ofToken] = [
      await world.ask<{ viewer: object }>(VIEWER, { key: key.secret }),
      await world.ask<{ viewer: object }>(VIEWER, token.asking),
    ];
    expect(ofToken.viewer).toEqual({
      ...ofKey.viewer,
      kind: "ACCESS_TOKEN",
      id: token.id,
      client: { id: "acme", name: "ACME Corp" },
    });
    expect(ofKey.viewer).toMatchObject({
      kind: "KEY",
      client: null,
      roles: ["looking", "minting"],
    });
  });

  test("gives it fewer roles, where it names some or the request is narrowed", async () => {
    const world = await aWorld();
    const { key, looking } = await aMinter(world);
    const named = await world.token({ key: key.secret, roleIds: [looking] });
    const narrowed = await world.run(MINT, {
      key: key.secret,
      headers: { "x-fieldgate-roles": "minting" },
      variables: { input: { binding: "COOKIE" } },
    });
    const { secret } = (narrowed.data as { createAccessToken: { secret: string } })
      .createAccessToken;
    const rolesOf = async (asking: Asking) =>
      (await world.ask<{ viewer: { roles: string[] } }>(VIEWER, asking)).viewer.roles;
    expect(await rolesOf(named.asking)).toEqual(["looking"]);
    expect(
      await rolesOf({
        key: null,
        headers: { ...named.asking.headers, authorization: `Bearer ${secret}` },
      }),
    ).toEqual(["minting"]);
    const whole = await world.token({ key: key.secret });
    const cut = { ...whole.asking.headers, "x-fieldgate-roles": "looking" };
    expect(await rolesOf({ key: null, headers: cut })).toEqual(["looking"]);
    const lacking = { ...named.asking.headers, "x-fieldgate-roles": "minting" };
    expect(codesOf((await world.run(VIEWER, { key: null, headers: lacking })) as never)).toEqual([
      "FORBIDDEN",
    ]);
  });

  test("knows no role that is not in effect, as none that does not exist", async () => {
    const world = await aWorld();
    const { key, looking } = await aMinter(world);
    const other = await world.role({ name: "other" });
    const none = await mint(world, key.secret, {
      roleIds: ["role_00000000000000000000000000000000"],
    });
    expect(codesOf(none)).toEqual(["NOT_FOUND"]);
    expect((await mint(world, key.secret, { roleIds: [looking, other] })).text).toBe(none.text);
    const narrowed = await world.run(MINT, {
      key: key.secret,
      headers: { "x-fieldgate-roles": "minting" },
      variables: { input: { binding: "COOKIE", roleIds: [looking] } },
    });
    expect(narrowed.text).toBe(none.text);
    expect(codesOf(await mint(world, key.secret, { roleIds: [looking] }))).toEqual([]);
  });

  test("is for keys: no token makes another, nor does a user, a key that can only look, or the public", async () => {
    const world = await aWorld();
    const minting = await world.role({ permissions: ["access_token::create"] });
    const [key, shown] = [
      await world.key({ roles: [minting] }),
      await world.key({ roles: [minting], publishable: true }),
    ];
    const token = await world.token({ key });
    const asToken = await world.run(MINT, {
      ...token.asking,
      variables: { input: { binding: "COOKIE" } },
    });
    expect(asToken.errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "RESTRICTION", name: "key" } } },
    ]);
    const session = await world.login(await world.user({ roles: [minting] }));
    expect((await mint(world, session)).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "RESTRICTION", name: "key" } } },
    ]);
    const missing = { gate: "PERMISSION", name: "access_token::create" };
    for (const one of [shown, null]) {
      const { errors } = await mint(world, one);
      expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN", missing } }]);
    }
    expect(codesOf(await mint(world, key))).toEqual([]);
  });

  test.each([
    [{ idleSeconds: 59 }, "idleSeconds"],
    [{ idleSeconds: 86_401 }, "idleSeconds"],
    [{ maxSeconds: 59 }, "maxSeconds"],
    [{ maxSeconds: 604_801 }, "maxSeconds"],
    [{ clientId: "" }, "clientId"],
    [{ clientId: "x".repeat(201) }, "clientId"],
    [{ clientName: "x".repeat(201) }, "clientName"],
    [{ clientName: "a\u0000b" }, "clientName"],
    [{ roleIds: [] }, "roleIds"],
    [{ datasetIds: Array.from({ length: 101 }, () => "x") }, "datasetIds"],
  ])("refuses %j", async (input, named) => {
    const world = await aWorld();
    const key = await world.key({ roles: [{ permissions: ["access_token::create"] }] });
    const answer = await mint(world, key, input);
    expect(codesOf(answer)).toEqual(["BAD_USER_INPUT"]);
    expect(answer.text).toContain(named);
  });

  test("takes the longest and the shortest", async () => {
    const world = await aWorld();
    const key = await world.key({ roles: [{ permissions: ["access_token::create"] }] });
    for (const seconds of [
      { idleSeconds: 60, maxSeconds: 60 },
      { idleSeconds: 86_400, maxSeconds: 604_800 },
    ]) {
      expect(codesOf(await mint(world, key, { ...seconds, clientId: "x".repeat(200) }))).toEqual(
        [],
      );
    }
  });
});
