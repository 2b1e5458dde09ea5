import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OutsideVerifier } from "../../../src/identity/jwt/outside-verifier.ts";
import type { TrustedIssuer } from "../../../src/identity/jwt/trusted-issuer.ts";
import { type Bad, OF_AN_ISSUER, OF_NO_ISSUER } from "./bad-jwts.ts";
import { ALIKE, CONTROLS } from "./good-jwts.ts";
import { IssuerServer, publishing } from "./issuer-server.ts";
import { AUDIENCE, CLAIMS, ISSUER, jwt, NOW, PUBLISHED, SECONDS, withClaims } from "./made-jwt.ts";

const BAD: readonly Bad[] = [...OF_NO_ISSUER, ...OF_AN_ISSUER];

let server: IssuerServer;
let verifier: OutsideVerifier;

beforeAll(async () => {
  server = await IssuerServer.start(publishing(...PUBLISHED));
  verifier = new OutsideVerifier({ now: () => NOW, allowPrivate: true });
});

afterAll(async () => {
  await server.stop();
});

async function verdictOn(token: string, by: Partial<TrustedIssuer> = {}) {
  return await verifier.verify(token, {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUrl: server.jwksUrl,
    algorithms: CONTROLS.map(([algorithm]) => algorithm),
    maxTokenAge: 3600,
    claims: {
      email: "email",
      firstName: "given_name",
      lastName: "family_name",
      organization: null,
      roles: "realm_access.roles",
      attributes: {},
    },
    ...by,
  });
}

const ACCEPTED = { subject: CLAIMS.sub };

describe("a JWT of a trusted issuer is accepted", () => {
  test.each(CONTROLS)("where it is signed with %s", async (alg, { jwk, secret: by }) => {
    const token = jwt({ header: { alg, kid: jwk["kid"] }, by });
    expect(await verdictOn(token)).toMatchObject(ACCEPTED);
  });

  test("for what it says, until it ends", async () => {
    const claims = {
      email: "ada@example.com",
      email_verified: true,
      given_name: "Ada",
      family_name: "Lovelace",
      realm_access: { roles: ["curator", "Not a role"] },
    };
    expect(await verdictOn(withClaims(claims))).toStrictEqual({
      subject: CLAIMS.sub,
      issuedAt: new Date(CLAIMS.iat * 1000),
      expiresAt: new Date("2026-11-05T10:10:00Z"),
      email: "ada@example.com",
      emailVerified: true,
      firstName: "Ada",
      lastName: "Lovelace",
      organization: null,
      roles: ["curator"],
      attributes: {},
    });
  });

  test.each([
    ["its end is late", withClaims({ exp: SECONDS + 1e9 })],
    ["its end is later than any date", withClaims({ exp: 1e300 })],
    [
      "it never ends",
      jwt({ claimBytes: JSON.stringify({ ...CLAIMS, exp: 7 }).replace('"exp":7', '"exp":1e400') }),
    ],
  ])("until its age is what the tenant accepts, where %s", async (_what, token) => {
    const expiresAt = new Date("2026-11-05T10:59:00Z");
    expect(await verdictOn(token)).toMatchObject({ expiresAt });
  });

  test.each(ALIKE)("where %s", async (_what, token) => {
    const verdict = await verdictOn(token);
    expect(verdict).not.toHaveProperty("fault");
    expect(verdict).toHaveProperty("roles", []);
  });
});

describe("a JWT is refused", () => {
  test("in more than 120 ways, each told from the others by its words", () => {
    expect(BAD.length).toBeGreaterThan(120);
    expect(new Set(BAD.map(([, what]) => what)).size).toBe(BAD.length);
  });

  const cases = BAD.map(([fault, what, token, by]) => ({ fault, what, token, by }));

  test.each(cases)("for $fault, where $what", async ({ fault, token, by }) => {
    expect(await verdictOn(token, by)).toStrictEqual({ fault });
  });

  test("without the keys being fetched for it again and again", () => {
    expect(server.asked).toBe(1);
  });
});
