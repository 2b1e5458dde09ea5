import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ecPair } from "../../identity/jwt/forge.ts";
import { answering, publishing } from "../../identity/jwt/issuer-server.ts";
import { aWorld } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import { codeOf, presenting, type Trusting, trusting, viewerOf } from "./trusting.ts";

const world = await aWorld();
let provider: Trusting;

/** The time by which keys are kept: that of this process. */
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await world.settle();
  world.wait(61);
  provider = await trusting(world);
});

afterEach(async () => {
  await provider.stop();
  vi.useRealTimers();
});

describe("An issuer whose keys are out of reach", () => {
  it("makes a request unavailable, and does not refuse it; when it is back, so is its user", async () => {
    provider.server.answer = answering("down", 503);
    const jwt = provider.jwt();
    const down = await world.run("{ viewer { id } }", presenting(world, jwt));

    expect(down.status).toBe(503);
    expect(down.errors).toEqual([
      {
        message:
          "The identity provider that issued the credential is out of reach. Try again in a moment.",
        extensions: { code: "UNAVAILABLE", requestId: "test" },
      },
    ]);
    expect(down.text).not.toContain("127.0.0.1");

    provider.server.answer = publishing(provider.pair.jwk);
    expect(await codeOf(world, presenting(world, jwt))).toBe("UNAVAILABLE");
    pass(6);
    expect(await codeOf(world, presenting(world, jwt))).toBe("OK");
    expect(provider.server.asked).toBe(2);
  });

  it("is an event of the tenant, which is told that it was that", async () => {
    await provider.stop();
    const written = await eventsDuring(world, () => world.run("{ viewer { id } }", provider.as()));

    expect(written.map(inShort)).toEqual([
      { name: "system::authenticate", outcome: "FAILED", target: null, reason: "JWT_UNAVAILABLE" },
    ]);
    expect(JSON.stringify(written)).not.toContain("127.0.0.1");
    await provider.server.listen(0);
  });

  it("holds no transaction while it is waited for", async () => {
    const held: (() => void)[] = [];
    provider.server.answer = (request, response) => {
      held.push(() => publishing(provider.pair.jwk)(request, response));
    };
    const asking = provider.as();
    // More than there are connections: whoever asks besides would wait for them.
    const waiting = Promise.all(Array.from({ length: 30 }, () => codeOf(world, asking)));
    const others = Promise.all(Array.from({ length: 5 }, () => codeOf(world, {})));

    expect(await Promise.race([others, waiting])).toEqual(Array.from({ length: 5 }, () => "OK"));
    provider.server.answer = publishing(provider.pair.jwk);
    for (const answer of held) answer();
    expect(new Set(await waiting)).toEqual(new Set(["OK"]));
  });

  it("is not missed while its keys are kept", async () => {
    const { id } = await viewerOf(world, provider.as());
    provider.server.answer = answering("down", 503);

    expect((await viewerOf(world, provider.as())).id).toBe(id);
  });
});

it("An issuer may change its keys: the new one is accepted soon, and the old one no longer", async () => {
  const next = ecPair({ kid: "next" }, "P-256");
  const { id } = await viewerOf(world, provider.as());
  provider.server.answer = publishing(next.jwk);
  pass(31);

  expect((await viewerOf(world, presenting(world, provider.jwt({}, next)))).id).toBe(id);
  expect(await codeOf(world, provider.as())).toBe("UNAUTHENTICATED");
  expect(provider.server.asked).toBe(2);
});

it("Keys from a private address are not fetched where the deployment does not allow it", async () => {
  const strict = await aWorld({ allowPrivate: false });
  const own = await trusting(strict, { jwksUrl: "https://keys.example.com/" });
  // As if a name led there, or the deployment had been another.
  await strict.database.pool.query("UPDATE trusted_issuer SET jwks_url = $1 WHERE issuer = $2", [
    own.server.jwksUrl,
    own.issuer,
  ]);

  expect(await codeOf(strict, own.as())).toBe("UNAVAILABLE");
  expect(own.server.connections).toBe(0);
  await own.stop();
});
