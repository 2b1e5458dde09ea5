/** What is no proof, a tenant is told the reason of and whoever sent it is not: each by a request. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BAD_CLAIMS, NONCED, withClaims } from "../../identity/token/dpop/bad-claims.ts";
import { BAD_PROOFS } from "../../identity/token/dpop/bad-proofs.ts";
import {
  ALGORITHMS,
  claimsFor,
  NOW,
  proofOf,
  type Refused,
  TOKEN,
} from "../../identity/token/dpop/made-proof.ts";
import { isSentWhole } from "../../support/sent-text.ts";
import { type Answer, aWorld, type World } from "../../support/world.ts";
import { eventsAnew, inShort } from "../event/log.ts";

/** The host that the proofs are made for. */
const publicUrl = "https://api.example.com";
const VIEWER = "{ viewer { kind } }";
const ACCEPTED = '{"data":{"viewer":{"kind":"ACCESS_TOKEN"}}}';

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: NOW }));
afterAll(() => void vi.useRealTimers());

/** A token that no browser has used, and how one presents it. */
async function aToken(world: World) {
  const { id, secret } = await world.token({
    roles: [{ permissions: ["viewer::get"] }],
    binding: "DPOP",
  });
  const sent = (proof: string | null) => {
    const headers = { authorization: `DPoP ${secret}`, ...(proof !== null && { dpop: proof }) };
    return world.run(VIEWER, { key: null, headers });
  };
  return { id, secret, sent };
}

/** What everybody is told whose credential is none. */
const refusalIn = async (world: World) => await world.run(VIEWER, { key: "fgk_nonsense" });

/** All that whoever sent a request can read. */
const wordsOf = ({ status, headers, text }: Answer) => ({ status, headers, text });

const refusedFor = (target: string, fault: string) => [
  { name: "system::authenticate", outcome: "FAILED", target, reason: `PROOF_${fault}` },
];

const isSent = ([, , proofFor]: Refused) => isSentWhole(proofFor(TOKEN) ?? "");

describe("A proof is refused in the same words", () => {
  let world: World;
  let token: Awaited<ReturnType<typeof aToken>>;

  beforeAll(async () => {
    world = await aWorld({ proofs: { publicUrl, dpopNonceSeconds: null } });
    token = await aToken(world);
  });

  const refused = [...BAD_PROOFS, ...BAD_CLAIMS].filter(isSent);

  test("in more than 140 ways", () => {
    expect(refused.length).toBeGreaterThan(140);
  });

  test.each(refused)("where %s, and its tenant is told PROOF_%s", async (_, fault, proofFor) => {
    const { id, secret, sent } = token;
    const written = await eventsAnew(world, async () => {
      expect(wordsOf(await sent(proofFor(secret)))).toEqual(wordsOf(await refusalIn(world)));
    });
    expect(written.map(inShort)).toEqual(refusedFor(id, fault));
  });

  test("after all of which the token is still the first browser's that has a good one", async () => {
    const alg = "ES384";
    const proof = proofOf({ alg, claims: claimsFor(token.secret) });
    expect((await token.sent(proof)).text).toBe(ACCEPTED);
  });

  test.each(Object.keys(ALGORITHMS))("as one is accepted of %s", async (alg) => {
    const { secret, sent } = await aToken(world);
    expect((await sent(proofOf({ alg, claims: claimsFor(secret) }))).text).toBe(ACCEPTED);
  });
});

describe("A proof is refused in the same words, and told the nonce,", () => {
  let world: World;
  let token: Awaited<ReturnType<typeof aToken>>;

  beforeAll(async () => {
    world = await aWorld({ proofs: { publicUrl, dpopNonceSeconds: 300 } });
    token = await aToken(world);
  });

  test.each(NONCED)("where %s, and its tenant is told PROOF_%s", async (_, fault, proofFor) => {
    const { id, secret, sent } = token;
    const written = await eventsAnew(world, async () => {
      const { status, text, headers } = await sent(proofFor(secret));
      const refusal = await refusalIn(world);
      expect({ status, text }).toEqual({ status: refusal.status, text: refusal.text });
      expect(headers["www-authenticate"]).toBe('DPoP error="use_dpop_nonce"');
    });
    expect(written.map(inShort)).toEqual(refusedFor(id, fault));
  });

  test("with which it is accepted", async () => {
    const { secret, sent } = token;
    const { headers } = await sent(withClaims({})(secret));
    const nonce = headers["dpop-nonce"];
    expect((await sent(withClaims({ nonce })(secret))).text).toBe(ACCEPTED);
  });
});
