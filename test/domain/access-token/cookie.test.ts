import { describe, expect, test } from "vitest";
import { newUuid } from "../../../src/db/id.ts";
import { accessTokenTexts } from "../../../src/identity/secret/secret-texts.ts";
import { aCookie, aWorld, type World } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";

const VIEWER = "{ viewer { kind } }";

/** A token that no browser has used. */
async function aToken(world: World) {
  const { id, secret } = await world.token({ roles: [{ permissions: ["viewer::get"] }] });
  /** Presents it from a browser that has this cookie, or none. */
  const from = (cookie: string | null, document = VIEWER, headers: object = {}) =>
    world.run(document, {
      key: null,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(cookie === null ? {} : { cookie }),
        ...headers,
      },
    });
  const state = async () =>
    (
      await world.ask<{ accessToken: { bound: boolean; lastUsedAt: string | null } }>(
        `query ($id: ID!) { accessToken(id: $id) { bound lastUsedAt } }`,
        { variables: { id } },
      )
    ).accessToken;
  return { id, secret, from, state };
}

const setBy = ({ headers }: { headers: Readonly<Record<string, string>> }) => headers["set-cookie"];
const cookieIn = (header: string | undefined) => header?.split(";")[0] ?? "";

describe("The first browser that uses a token", () => {
  test("is given a cookie that no script reads, once, and is the only one that is accepted", async () => {
    const world = await aWorld();
    const { from, state } = await aToken(world);
    expect(await state()).toEqual({ bound: false, lastUsedAt: null });
    const first = await from(null);
    expect(first.data).toEqual({ viewer: { kind: "ACCESS_TOKEN" } });
    expect(setBy(first)).toMatch(
      /^__Host-fieldgate=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/,
    );
    expect(await state()).toEqual({ bound: true, lastUsedAt: expect.any(String) as string });
    const again = await from(cookieIn(setBy(first)));
    expect([again.status, setBy(again)]).toEqual([200, undefined]);
    for (const cookie of [null, aCookie(), cookieIn(setBy(first)).slice(0, -1)]) {
      const other = await from(cookie);
      expect([other.status, setBy(other)]).toEqual([401, undefined]);
    }
    expect((await from(cookieIn(setBy(first)))).status).toBe(200);
  });

  test("keeps the cookie that it has, for all tokens", async () => {
    const world = await aWorld();
    const [one, two] = [await aToken(world), await aToken(world)];
    const cookie = aCookie();
    for (const { from } of [one, two]) {
      const first = await from(`theme=dark; ${cookie}; x=y`);
      expect([first.status, setBy(first)]).toEqual([200, undefined]);
      expect((await from(null)).status).toBe(401);
      expect((await from(cookie)).status).toBe(200);
    }
  });

  test("is given another where what it has cannot be one", async () => {
    const world = await aWorld();
    for (const cookie of ["__Host-fieldgate=short", "__Host-fieldgate=", `x${aCookie()}`]) {
      const { from } = await aToken(world);
      const first = await from(cookie);
      expect(cookieIn(setBy(first))).toMatch(/^__Host-fieldgate=[\w-]{43}$/);
      expect((await from(cookie)).status).toBe(401);
    }
  });

  test("is given it also where the document is refused, and by a mutation", async () => {
    const world = await aWorld();
    for (const [document, code] of [
      ["{ keys { totalCount } }", "FORBIDDEN"],
      [`mutation { revokeKey(input: { id: "x" }) { key { id } } }`, "FORBIDDEN"],
      [`{ viewer { kind } keys(first: 0) { totalCount } }`, "FORBIDDEN"],
    ] as const) {
      const { from } = await aToken(world);
      const first = await from(null, document);
      expect(first.errors[0]?.extensions.code).toBe(code);
      expect((await from(cookieIn(setBy(first)))).status).toBe(200);
    }
  });

  test("is none where the token is not accepted: nothing is bound and nothing set", async () => {
    const world = await aWorld();
    const { from, state } = await aToken(world);
    const refused = await from(null, VIEWER, { "x-fieldgate-tenant": "another" });
    expect([refused.status, setBy(refused)]).toEqual([401, undefined]);
    expect((await state()).bound).toBe(false);
    expect((await from(null, VIEWER, { "x-fieldgate-tenant": world.slug })).status).toBe(200);
    expect((await state()).bound).toBe(true);
  });

  test("may present it in the place of a key", async () => {
    const world = await aWorld();
    const { secret } = await aToken(world);
    const cookie = aCookie();
    const asked = (with_: string) => world.run(VIEWER, { key: secret, headers: { cookie: with_ } });
    expect((await asked(cookie)).data).toEqual({ viewer: { kind: "ACCESS_TOKEN" } });
    expect((await asked(aCookie())).status).toBe(401);
  });
});

test("the cookie is no credential: without the token it is nobody's", async () => {
  const world = await aWorld();
  const { asking } = await world.token({ roles: [{ permissions: ["viewer::get"] }] });
  expect(await world.ask(VIEWER, asking)).toEqual({ viewer: { kind: "ACCESS_TOKEN" } });
  const { cookie } = asking.headers;
  const { data } = await world.run(VIEWER, {
    key: null,
    headers: { cookie, "x-fieldgate-tenant": world.slug },
  });
  expect(data).toEqual({ viewer: { kind: "ANONYMOUS" } });
});

test("a browser that the token is not bound to is an event, that names the token and nothing of a secret", async () => {
  const world = await aWorld();
  const { id, secret, from } = await aToken(world);
  const [own, other] = [aCookie(), aCookie()];
  const written = await eventsDuring(world, async () => {
    await from(own);
    await from(other);
  });
  expect(written.map(inShort)).toEqual([
    { name: "system::authenticate", outcome: "FAILED", target: id, reason: "OTHER_BROWSER" },
  ]);
  expect(written[0]).toMatchObject({ principalKind: "ANONYMOUS", principalId: null });
  const text = JSON.stringify(written);
  for (const hidden of [secret, own, other]) expect(text).not.toContain(hidden.slice(-20));
});

test("whatever is wrong with a token, it is refused in the same words", async () => {
  const world = await aWorld();
  const other = await aWorld();
  const permissions = ["viewer::get"];
  const { secret: unknown } = await aToken(world);
  const nobodys = accessTokenTexts.create({ tenantId: world.tenantId, id: newUuid() }).text;
  const revoked = await aToken(world);
  await world.ask(
    `mutation ($id: ID!) { revokeAccessToken(input: { id: $id }) { accessToken { id } } }`,
    { variables: { id: revoked.id } },
  );
  const bound = await aToken(world);
  await bound.from(aCookie());
  const ofGone = await world.keyWithId({
    roles: [{ permissions: [...permissions, "access_token::create"] }],
  });
  const gone = await world.token({ key: ofGone.secret });
  await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
    variables: { id: ofGone.id },
  });
  const idle = await world.token({ roles: [{ permissions }], idleSeconds: 60 });
  const expired = await world.token({
    roles: [{ permissions }],
    idleSeconds: 86_400,
    maxSeconds: 60,
  });
  world.wait(61);
  const wrong = accessTokenTexts.create({
    tenantId: world.tenantId,
    id: accessTokenTexts.parse(unknown)?.id ?? "",
  }).text;
  const elsewhere = accessTokenTexts.create({ tenantId: other.tenantId, id: newUuid() }).text;
  const nowhere = accessTokenTexts.create({ tenantId: newUuid(), id: newUuid() }).text;
  const dpop = await world.token({ roles: [{ permissions }], binding: "DPOP" });
  const texts = {
    nobodys,
    wrong,
    revoked: revoked.secret,
    bound: bound.secret,
    gone: gone.secret,
    idle: idle.secret,
    expired: expired.secret,
    elsewhere,
    nowhere,
    dpop: dpop.secret,
    malformed: "fga_nonsense",
    mistyped: unknown.slice(0, -1),
  };
  const ask = (text: string, scheme = "Bearer", headers: object = {}) =>
    world.run(VIEWER, {
      key: null,
      headers: { authorization: `${scheme} ${text}`, "x-request-id": "same", ...headers },
    });
  const fresh = await world.token({ roles: [{ permissions }] });
  const answers: unknown[] = [];
  const written = await eventsDuring(world, async () => {
    for (const text of Object.values(texts)) answers.push(await ask(text));
    answers.push(await ask(fresh.secret, "DPoP"));
    answers.push(await ask(fresh.secret, "DPoP", { dpop: "x.y.z" }));
  });
  const [first] = answers;
  expect(first).toMatchObject({ status: 401, data: null });
  for (const answer of answers) expect(answer).toEqual(first);
  expect((await ask(fresh.secret)).status).toBe(200);
  expect(written).toHaveLength(9);
  expect(new Set(written.map(({ reason }) => reason))).toEqual(
    new Set([
      "UNKNOWN",
      "WRONG_SECRET",
      "REVOKED",
      "OTHER_BROWSER",
      "KEY_GONE",
      "IDLE",
      "EXPIRED",
      "OTHER_BINDING",
    ]),
  );
});
