import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, aWorld, type Asking, uniqueName } from "../../support/world.ts";
import { ecPair } from "../../identity/jwt/forge.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import { AUDIENCE, type Claims, codeOf, jwtOf, presenting, trusting } from "./trusting.ts";

const world = await aWorld();
const provider = await trusting(world);
const strangers = ecPair({ kid: "first" }, "P-256");
const unpublished = ecPair({ kid: "unpublished" }, "P-256");
afterAll(() => provider.stop());
// What happens again within a minute is told then.
beforeEach(async () => {
  await world.settle();
  world.wait(61);
});

const seconds = () => Math.floor(world.now().getTime() / 1000);
const by = (claims: Claims) => presenting(world, provider.jwt(claims));
const headersOf = (headers: Readonly<Record<string, string>>): Asking => ({
  key: null,
  headers: { "x-fieldgate-tenant": world.slug, ...headers },
});

const REFUSED: readonly [reason: string, what: string, asking: () => Asking][] = [
  ["JWT_ISSUER", "its issuer is not trusted", () => by({ iss: "https://evil.example.com" })],
  ["JWT_ISSUER", "its issuer has a slash more", () => by({ iss: `${provider.issuer}/` })],
  ["JWT_AUDIENCE", "it is for others", () => by({ aud: "others" })],
  ["JWT_AUDIENCE", "it is for nobody", () => by({ aud: undefined })],
  [
    "JWT_SIGNATURE",
    "it is signed by somebody else",
    () => presenting(world, provider.jwt({}, strangers)),
  ],
  [
    "JWT_KEY",
    "it is signed by a key that is not published",
    () => presenting(world, provider.jwt({}, unpublished)),
  ],
  ["JWT_EXPIRED", "it has expired", () => by({ exp: seconds() - 1 })],
  ["JWT_TOO_OLD", "it is too old", () => by({ iat: seconds() - 3600, exp: seconds() + 60 })],
  ["JWT_NOT_YET", "it is of the future", () => by({ iat: seconds() + 3600 })],
  ["JWT_SUBJECT", "it is of nobody", () => by({ sub: undefined })],
  ["JWT_CLAIMS", "it never expires", () => by({ exp: undefined })],
  ["JWT_TYPE", "it is bound to a key", () => by({ cnf: { jkt: "a" } })],
];

describe("A JWT is refused in the same words", () => {
  it.each(REFUSED)("and its tenant is told %s, where %s", async (reason, _what, asking) => {
    const written = await eventsDuring(world, async () => {
      const { status, text } = await world.run("{ viewer { id } }", asking());
      const { text: ofNobody } = await world.run("{ viewer { id } }", { key: "fgk_nonsense" });

      expect(status).toBe(401);
      expect(text).toBe(ofNobody);
    });

    expect(written.map(inShort)).toEqual([
      { name: "system::authenticate", outcome: "FAILED", target: null, reason },
    ]);
  });

  it("as one is accepted that is like it, but for that", async () => {
    expect(await codeOf(world, by({}))).toBe("OK");
    expect(await codeOf(world, by({ aud: ["others", AUDIENCE] }))).toBe("OK");
    expect(await codeOf(world, by({ iat: seconds() - 3500, exp: seconds() + 60 }))).toBe("OK");
  });

  it("where it names no tenant that there is, and nobody is told but the operator", async () => {
    const other = await aWorld();
    const jwt = provider.jwt();
    const written = await eventsDuring(world, async () => {
      for (const slug of [uniqueName("nobodys"), "", "A"]) {
        // oxlint-disable-next-line no-await-in-loop
        expect(await codeOf(world, presenting({ slug }, jwt))).toBe("UNAUTHENTICATED");
      }
      expect(await codeOf(world, presenting(other, jwt))).toBe("UNAUTHENTICATED");
    });

    expect(written).toEqual([]);
    expect((await eventsDuring(other, async () => undefined)).length).toBe(0);
    expect(await codeOf(world, presenting(world, jwt))).toBe("OK");
  });

  it("in X-API-Key, as DPoP, and beside another credential", async () => {
    const jwt = provider.jwt();
    const authorization = `Bearer ${jwt}`;
    const refused = [
      headersOf({ "x-api-key": jwt }),
      headersOf({ authorization: `DPoP ${jwt}` }),
      headersOf({ authorization: `DPoP ${jwt}`, dpop: jwt }),
      headersOf({ authorization, "x-api-key": world.admin }),
      headersOf({ authorization, "x-api-key": jwt }),
      headersOf({ authorization: `Bearer ${jwt}, Bearer ${jwt}` }),
      headersOf({ authorization: jwt }),
    ];
    const codes = await Promise.all(refused.map((asking) => codeOf(world, asking)));

    expect(codes).toEqual(refused.map(() => "UNAUTHENTICATED"));
    expect(await codeOf(world, headersOf({ authorization }))).toBe("OK");
  });

  it("on the beat, whatever is wrong with it", async () => {
    for (const [, , asking] of REFUSED.slice(0, 5)) {
      const begun = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      await codeOf(world, asking());
      expect(performance.now() - begun).toBeGreaterThanOrEqual(19);
    }
  });

  it("and makes no user", async () => {
    const sub = uniqueName("sub");
    await world.run("{ viewer { id } }", presenting(world, provider.jwt({ sub }, strangers)));
    await world.run("{ viewer { id } }", by({ sub, aud: "others" }));
    const { rows } = await world.database.pool.query(
      "SELECT FROM app_user WHERE tenant_id = $1 AND subject = $2",
      [world.tenantId, sub],
    );

    expect(rows).toEqual([]);
  });

  it("and has nothing fetched where the tenant does not trust its issuer", async () => {
    const asked = provider.server.asked;
    const own = { iss: "https://evil.example.com", aud: AUDIENCE, sub: "1", jku: "x" };
    const jwts = Array.from({ length: 20 }, (_, index) =>
      jwtOf({ ...own, iat: seconds(), exp: seconds() + 60, jti: String(index) }, strangers),
    );
    await Promise.all(jwts.map((jwt) => codeOf(world, presenting(world, jwt))));
    await Promise.all(jwts.map(() => codeOf(world, by({ aud: "others" }))));

    expect(provider.server.asked).toBe(asked);
  });
});

describe("A JWT that is valid", () => {
  it("is refused from the moment on at which it expires", async () => {
    const asking = by({ sub: uniqueName("sub"), exp: seconds() + 100 });
    expect(await codeOf(world, asking)).toBe("OK");
    world.wait(98);
    expect(await codeOf(world, asking)).toBe("OK");
    world.wait(3);
    expect(await codeOf(world, asking)).toBe("UNAUTHENTICATED");
  });

  it("stands in no answer and no event", async () => {
    const jwt = provider.jwt({ sub: uniqueName("sub") });
    const answers: Answer[] = [];
    const written = await eventsDuring(world, async () => {
      for (const text of [jwt, `${jwt.slice(0, -4)}AAAA`]) {
        answers.push(await world.run("{ viewer { id name } }", presenting(world, text)));
      }
    });

    expect(answers.map(({ status }) => status)).toEqual([200, 401]);
    expect(written.length).toBe(2);
    const [, claims, signature] = jwt.split(".");
    for (const { text, headers } of answers) {
      const told = `${text} ${JSON.stringify([headers, written])}`;
      expect(told).not.toContain(claims);
      expect(told).not.toContain(signature?.slice(0, 40));
    }
  });
});
