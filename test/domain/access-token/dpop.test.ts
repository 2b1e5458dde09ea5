import { describe, expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { createLog } from "../../../src/http/log.ts";
import type { ProofRules } from "../../../src/identity/token/presented-possession.ts";
import { aProver, ENDPOINT, type Prover, type Proving } from "../../support/prover.ts";
import { aCookie, aWorld, type World } from "../../support/world.ts";
import { eventsDuring } from "../event/log.ts";

const VIEWER = "{ viewer { kind } }";
const permissions = ["viewer::get"];

const writeEvent = (name: string) =>
  `${name}: writeEvent(input: { name: "custom::${name}" }) { event { id } }`;

/** A token that no browser has used, and how one presents it. */
async function aToken(world: World, binding = "DPOP") {
  const { id, secret } = await world.token({ roles: [{ permissions }], binding });
  const from = async (prover: Prover, proving: Partial<Proving> = {}) =>
    world.run(VIEWER, {
      key: null,
      headers: await prover.headers({ token: secret, ...proving }),
    });
  return { id, secret, from };
}

const reasonsOf = async (world: World, work: () => Promise<unknown>) =>
  (await eventsDuring(world, work)).map(({ reason, target, count }) => [reason, target, count]);

describe("A token that is bound by DPoP", () => {
  test("is the first browser's whose key made the proof, and no other's", async () => {
    const world = await aWorld();
    const { id, from } = await aToken(world);
    const [one, other] = [await aProver(), await aProver()];
    const first = await from(one);
    expect(first.data).toEqual({ viewer: { kind: "ACCESS_TOKEN" } });
    expect(first.headers["set-cookie"]).toBeUndefined();
    expect((await from(one)).status).toBe(200);
    const reasons = await reasonsOf(world, async () => {
      expect((await from(other)).status).toBe(401);
    });
    expect(reasons).toEqual([["OTHER_BROWSER", id, 1]]);
    expect((await from(one)).status).toBe(200);
  });

  test("is accepted with a proof once, whatever it is asked with", async () => {
    const world = await aWorld();
    const { id, secret, from } = await aToken(world);
    const prover = await aProver();
    const headers = await prover.headers({ token: secret });
    expect((await world.run(VIEWER, { key: null, headers })).status).toBe(200);
    const reasons = await reasonsOf(world, async () => {
      for (const document of [VIEWER, "{ viewer { id } }"]) {
        expect((await world.run(document, { key: null, headers })).status).toBe(401);
      }
      // Another proof with the same id is the same.
      await from(prover, { jti: "one" });
      await from(prover, { jti: "one" });
    });
    expect(reasons).toEqual([["REPLAYED", id, 3]]);
    expect((await from(prover)).status).toBe(200);
  });

  test("is asked for one proof by a document, however many mutations it holds", async () => {
    const world = await aWorld();
    const { secret } = await world.token({
      roles: [{ permissions: ["event::write", "event::find"] }],
      binding: "DPOP",
    });
    const prover = await aProver();
    const { status, errors } = await world.run(
      `mutation { ${["a", "b", "c"].map(writeEvent).join(" ")} }`,
      { key: null, headers: await prover.headers({ token: secret }) },
    );
    expect([status, errors]).toEqual([200, []]);
  });

  test.each([
    ["PROOF_METHOD", { method: "GET" }],
    ["PROOF_URL", { url: "http://elsewhere.test/graphql" }],
    ["PROOF_URL", { url: "https://fieldgate.test/graphql" }],
    ["PROOF_URL", { url: "http://fieldgate.test/" }],
    ["PROOF_TIME", { at: Date.now() - 120_000 }],
    ["PROOF_TIME", { at: Date.now() + 60_000 }],
    ["PROOF_TOKEN", { token: "fga_other" }],
    ["PROOF_ID", { jti: "" }],
  ])("is refused with %s for a proof of %j", async (reason, proving) => {
    const world = await aWorld();
    const { id, secret, from } = await aToken(world);
    const prover = await aProver();
    const reasons = await reasonsOf(world, async () => {
      const headers = { ...(await prover.headers({ token: secret, ...proving })) };
      headers.authorization = `DPoP ${secret}`;
      expect((await world.run(VIEWER, { key: null, headers })).status).toBe(401);
    });
    expect(reasons).toEqual([[reason, id, 1]]);
    // Nothing is bound by it.
    expect((await from(await aProver())).status).toBe(200);
  });

  test("is asked with over HTTP by GET as by POST, at the host that the request names", async () => {
    const world = await aWorld();
    const server = await world.listen();
    const { secret } = await aToken(world);
    const prover = await aProver();
    const url = `${server.address}/graphql`;
    const looked = async (proving: Partial<Proving>) =>
      (
        await fetch(`${url}?query=${encodeURIComponent(VIEWER)}`, {
          headers: await prover.headers({ token: secret, method: "GET", url, ...proving }),
        })
      ).status;
    expect(await looked({})).toBe(200);
    expect(await looked({ method: "POST" })).toBe(401);
    expect(await looked({ url: ENDPOINT })).toBe(401);
    await server.close();
  });

  test("takes a proof for its endpoint whatever is asked there", async () => {
    const world = await aWorld();
    const { from } = await aToken(world);
    expect((await from(await aProver(), { url: `${ENDPOINT}?query=x#y` })).status).toBe(200);
  });

  test("is no bearer's, and a token that is bound by a cookie needs no proof and takes none", async () => {
    const world = await aWorld();
    const [byProof, byCookie] = [await aToken(world), await aToken(world, "COOKIE")];
    const prover = await aProver();
    const cookie = aCookie();
    const bearer = (secret: string, headers: object = {}) =>
      world.run(VIEWER, {
        key: null,
        headers: { authorization: `Bearer ${secret}`, cookie, ...headers },
      });
    const { dpop } = await prover.headers({ token: byProof.secret });
    const reasons = await reasonsOf(world, async () => {
      expect((await bearer(byProof.secret)).status).toBe(401);
      expect((await bearer(byProof.secret, { dpop })).status).toBe(401);
      expect((await world.run(VIEWER, { key: byProof.secret })).status).toBe(401);
      expect((await byCookie.from(prover)).status).toBe(401);
    });
    expect(new Set(reasons)).toEqual(
      new Set([
        ["OTHER_BINDING", byProof.id, 3],
        ["OTHER_BINDING", byCookie.id, 1],
      ]),
    );
    expect((await byProof.from(prover)).status).toBe(200);
    expect((await bearer(byCookie.secret)).status).toBe(200);
  });

  test("keeps a proof while it could come once more, and forgets it then", async () => {
    const world = await aWorld();
    const { id, from } = await aToken(world);
    const prover = await aProver();
    const kept = async () => {
      const { rows } = await world.database.pool.query(
        "SELECT count(*)::int AS kept FROM dpop_proof WHERE token_id = $1",
        [id.slice("token_".length)],
      );
      return (rows as { kept: number }[])[0]?.kept;
    };
    await from(prover);
    await from(prover);
    expect(await kept()).toBe(2);
    world.wait(70);
    await from(prover, { at: Date.now() + 70_000 });
    expect(await kept()).toBe(3);
    world.wait(60);
    await from(prover, { at: Date.now() + 130_000 });
    expect(await kept()).toBe(2);
    // Once the token is used no more, others forget its last ones.
    const other = await aToken(world);
    world.wait(121);
    await other.from(await aProver(), { at: world.now().getTime() });
    expect(await kept()).toBe(0);
  });
});

/** The API of a world as it is deployed otherwise. */
/** What all refusals say of how to be authenticated. */
const CHALLENGE = expect.stringMatching(/^Bearer, DPoP algs="ES256 [\w ]+"$/) as string;

async function deployed(rules: Partial<ProofRules>) {
  const world = await aWorld();
  const token = await aToken(world);
  const proofs = { publicUrl: null, dpopNonceSeconds: null, ...rules };
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const app = createApp({ database: world.database, log: createLog("silent"), now, proofs });
  const send = async (headers: Record<string, string>) => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query: VIEWER }),
    };
    const response = await app.fetch(ENDPOINT, init, { requestId: "test", trace: {}, ip: null });
    return {
      status: response.status,
      nonce: response.headers.get("dpop-nonce"),
      asks: response.headers.get("www-authenticate"),
      text: await response.text(),
    };
  };
  const wait = (seconds: number) => {
    ahead += seconds * 1_000;
  };
  return { ...token, send, wait, at: () => now().getTime() };
}

describe("A deployment", () => {
  test("says by which URL it is reached, and takes proofs for no other", async () => {
    const { secret, send } = await deployed({ publicUrl: "https://api.example.com/data" });
    const prover = await aProver();
    const asked = async (url: string) =>
      (await send(await prover.headers({ token: secret, url }))).status;
    expect(await asked(ENDPOINT)).toBe(401);
    expect(await asked("https://api.example.com/graphql")).toBe(401);
    expect(await asked("https://api.example.com/data/graphql")).toBe(200);
    expect(await asked("https://API.example.com:443/data/graphql")).toBe(200);
  });

  test("may give out nonces, and then takes no proof that was made ahead", async () => {
    const { secret, send, wait, at } = await deployed({ dpopNonceSeconds: 60 });
    const prover = await aProver();
    const asked = async (nonce?: string) =>
      await send(
        await prover.headers({ token: secret, at: at(), ...(nonce !== undefined && { nonce }) }),
      );
    const first = await asked();
    expect(first).toMatchObject({ status: 401, asks: 'DPoP error="use_dpop_nonce"' });
    const nonce = first.nonce ?? "";
    expect(nonce).toMatch(/^[\w-]{43}$/);
    const accepted = await asked(nonce);
    expect(accepted).toMatchObject({ status: 200, nonce, asks: null });
    expect((await asked("made-up")).nonce).toBe(nonce);
    wait(60);
    const next = await asked(nonce);
    expect(next.status).toBe(200);
    expect(next.nonce).not.toBe(nonce);
    wait(60);
    const late = await asked(nonce);
    expect([late.status, (await asked(late.nonce ?? "")).status]).toEqual([401, 200]);
    // Its words are those of every refusal.
    expect(late.text).toBe(first.text);
  });

  test("gives no nonce to a token that is refused for another reason", async () => {
    const { secret, send } = await deployed({ dpopNonceSeconds: 60 });
    const prover = await aProver();
    const good = await send(await prover.headers({ token: secret }));
    expect(good.nonce).not.toBeNull();
    const gone = `${secret.slice(0, -1)}${secret.endsWith("0") ? "1" : "0"}`;
    for (const headers of [
      await prover.headers({ token: gone }),
      { ...(await prover.headers({ token: secret })), authorization: `Bearer ${secret}` },
      { authorization: `DPoP ${secret}` },
      { ...(await prover.headers({ token: secret })), "x-fieldgate-tenant": "another" },
    ]) {
      const answer = await send(headers);
      expect(answer).toEqual({ status: 401, nonce: null, asks: CHALLENGE, text: good.text });
    }
  });
});
