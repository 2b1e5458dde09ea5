/** What the verifier refuses, a tenant is told the reason of and whoever sent it is not: each by a request. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createLog } from "../../../src/http/log.ts";
import type { TrustedIssuer } from "../../../src/identity/jwt/trusted-issuer.ts";
import { type Bad, OF_AN_ISSUER, OF_NO_ISSUER } from "../../identity/jwt/bad-jwts.ts";
import { ALIKE, CONTROLS } from "../../identity/jwt/good-jwts.ts";
import { publishing } from "../../identity/jwt/issuer-server.ts";
import { AUDIENCE, ISSUER, jwt, NOW, PUBLISHED } from "../../identity/jwt/made-jwt.ts";
import { isSentWhole } from "../../support/sent-text.ts";
import { type Answer, aWorld } from "../../support/world.ts";
import { eventsAnew, inShort } from "../event/log.ts";
import { presenting, trusting } from "./trusting.ts";

const lines: string[] = [];
const log = createLog("info", { write: (line: string) => void lines.push(line) });
const world = await aWorld({ log });
const algorithms = CONTROLS.map(([algorithm]) => algorithm);
const provider = await trusting(world, { issuer: ISSUER, audience: AUDIENCE, algorithms });
provider.server.answer = publishing(...PUBLISHED);
afterAll(() => provider.stop());

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterAll(() => void vi.useRealTimers());

/** Has the issuer be trusted as is said, be it as nobody can by the API, and as usual in all else. */
async function trustAs(by: Partial<TrustedIssuer> = {}): Promise<void> {
  const { rowCount } = await world.database.pool.query(
    "UPDATE trusted_issuer SET algorithms = $1, max_token_age = $2 WHERE tenant_id = $3",
    [by.algorithms ?? algorithms, by.maxTokenAge ?? 3600, world.tenantId],
  );
  expect(rowCount).toBe(1);
}

const sent = (token: string) => world.run("{ viewer { kind } }", presenting(world, token));

/** All that whoever sent a request can read. */
const wordsOf = ({ status, headers, text }: Answer) => ({ status, headers, text });

/** What everybody is told whose credential is none. */
const refusal = async () =>
  wordsOf(await world.run("{ viewer { kind } }", { key: "fgk_nonsense" }));

const casesOf = (bad: readonly Bad[]) =>
  bad
    .filter(([, , token]) => isSentWhole(token))
    .map(([fault, what, token, by]) => ({ reason: `JWT_${fault}`, what, token, by }));

const TOLD = casesOf(OF_AN_ISSUER);
const UNTOLD = casesOf(OF_NO_ISSUER);

describe("A JWT is refused in the same words", () => {
  it("in more than 120 ways", () => {
    expect(TOLD.length + UNTOLD.length).toBeGreaterThan(120);
  });

  it.each(TOLD)("and its tenant is told $reason, where $what", async ({ reason, token, by }) => {
    await trustAs(by);
    const written = await eventsAnew(world, async () => {
      expect(wordsOf(await sent(token))).toEqual(await refusal());
    });

    expect(written.map(inShort)).toEqual([
      {
        name: "system::authenticate",
        outcome: "FAILED",
        target: null,
        reason,
      },
    ]);
  });

  it.each(UNTOLD)("and the operator alone is told, where $what", async ({ token }) => {
    const expected = await refusal();
    lines.length = 0;
    const written = await eventsAnew(world, async () => {
      expect(wordsOf(await sent(token))).toEqual(expected);
    });

    const told = lines.map((line) => JSON.parse(line) as { msg: string; reason: string });
    expect(told.map(({ msg, reason }) => ({ msg, reason }))).toEqual([
      {
        msg: "credential refused",
        reason: /^\S+$/.test(token)
          ? "Malformed or mistyped credential."
          : "Authorization is not of the form Bearer <credential>.",
      },
    ]);
    expect(written).toEqual([]);
  });
});

describe("A JWT of the same provider is accepted", () => {
  it.each(CONTROLS)("that is signed with %s", async (alg, { jwk, secret: by }) => {
    await trustAs();
    const { text } = await sent(jwt({ header: { alg, kid: jwk["kid"] }, by }));

    expect(text).toBe('{"data":{"viewer":{"kind":"SESSION"}}}');
  });

  it.each(ALIKE)("where %s", async (_what, token) => {
    await trustAs();

    expect((await sent(token)).text).toBe('{"data":{"viewer":{"kind":"SESSION"}}}');
  });
});
