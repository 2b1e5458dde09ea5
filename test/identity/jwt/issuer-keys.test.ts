import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { IssuerUnavailableError } from "../../../src/identity/jwt/issuer-keys.ts";
import { OutsideVerifier } from "../../../src/identity/jwt/outside-verifier.ts";
import type { TrustedIssuer } from "../../../src/identity/jwt/trusted-issuer.ts";
import { ecPair, type Pair, signed } from "./forge.ts";
import { answering, IssuerServer, publishing } from "./issuer-server.ts";

const START = new Date("2026-11-05T10:00:00Z");
const [old, next, unknown] = ["old", "new", "unknown"].map((kid) => ecPair({ kid }, "P-256")) as [
  Pair,
  Pair,
  Pair,
];

const MINUTE = 60_000;

let server: IssuerServer;
let verifier: OutsideVerifier;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  server = await IssuerServer.start(publishing(old.jwk));
  verifier = new OutsideVerifier({ now: () => new Date(), allowPrivate: true, patience: 300 });
});

afterEach(async () => {
  vi.useRealTimers();
  await server.stop();
});

function pass(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds);
}

async function verdictOn({ secret, jwk }: Pair, kid = jwk["kid"], jwksUrl = server.jwksUrl) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: "issuer", aud: "fieldgate", sub: "1", iat, exp: iat + 60 };
  const parts = [JSON.stringify({ alg: "ES256", kid }), JSON.stringify(claims)] as const;
  return await verifier.verify(signed(parts, "ES256", secret), trusting(jwksUrl));
}

function trusting(jwksUrl: string): TrustedIssuer {
  return {
    issuer: "issuer",
    audience: "fieldgate",
    jwksUrl,
    algorithms: ["ES256"],
    maxTokenAge: 3600,
    claims: {
      email: null,
      firstName: null,
      lastName: null,
      organization: null,
      roles: null,
      attributes: {},
    },
  };
}

const accepted = expect.objectContaining({ subject: "1" }) as unknown;
const refused = { fault: "KEY" };

describe("The keys of an issuer", () => {
  test("are fetched once for many JWTs, also where these come at once", async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, async () => await verdictOn(old)),
    );
    expect(verdicts).toStrictEqual(verdicts.map(() => accepted));
    expect(await verdictOn(old)).toStrictEqual(accepted);
    expect(server.asked).toBe(1);
  });

  test("are kept apart from those of another", async () => {
    const other = await IssuerServer.start(publishing(next.jwk));
    expect(await verdictOn(old)).toStrictEqual(accepted);
    expect(await verdictOn(next)).toStrictEqual(refused);
    expect(await verdictOn(next, "new", other.jwksUrl)).toStrictEqual(accepted);
    expect(await verdictOn(old, "old", other.jwksUrl)).toStrictEqual(refused);
    await other.stop();
  });

  test("are fetched again for a new one, and the removed one is refused from then on", async () => {
    expect(await verdictOn(old)).toStrictEqual(accepted);
    server.answer = publishing(next.jwk);
    pass(31_000);
    expect(await verdictOn(old)).toStrictEqual(accepted);
    expect(await verdictOn(next)).toStrictEqual(accepted);
    expect(await verdictOn(old)).toStrictEqual(refused);
    expect(server.asked).toBe(2);
  });

  test("are fetched again after ten minutes, also where none is missing", async () => {
    expect(await verdictOn(old)).toStrictEqual(accepted);
    server.answer = publishing(next.jwk);
    pass(10 * MINUTE - 1);
    expect(await verdictOn(old)).toStrictEqual(accepted);
    pass(1);
    expect(await verdictOn(old)).toStrictEqual(refused);
  });

  test("are tried one after the other where a JWT does not name one", async () => {
    server.answer = publishing(unknown.jwk, old.jwk, next.jwk);
    expect(await verdictOn(next, undefined)).toStrictEqual(accepted);
    expect(await verdictOn(next, "old")).toStrictEqual({ fault: "SIGNATURE" });
  });

  test("are tried up to ten", async () => {
    const others = Array.from({ length: 9 }, () => unknown.jwk);
    server.answer = publishing(...others, old.jwk);
    const nameless = { ...old, jwk: {} };
    expect(await verdictOn(nameless)).toStrictEqual(accepted);
    server.answer = publishing(...others, unknown.jwk, old.jwk);
    pass(10 * MINUTE);
    expect(await verdictOn(nameless)).toStrictEqual({ fault: "SIGNATURE" });
  });

  test("can be used where others of the set cannot", async () => {
    const broken = [{}, { kty: "EC" }, { ...old.jwk, x: "AA" }, { kty: "EC", crv: "P-256", x: 1 }];
    server.answer = publishing(...broken, next.jwk);
    expect(await verdictOn(next)).toStrictEqual(accepted);
    expect(await verdictOn(old)).toStrictEqual(refused);
    expect(await verdictOn(next, undefined)).toStrictEqual(accepted);
  });

  test("are kept of as many issuers as there is room for, by the length of what was fetched", async () => {
    const long = JSON.stringify({ keys: [old.jwk] }).padEnd(1024 * 1024 - 1);
    const asked: string[] = [];
    verifier = new OutsideVerifier({
      now: () => new Date(),
      fetch: async ({ href }) => {
        asked.push(href);
        return await Promise.resolve(long);
      },
    });
    const urls = Array.from({ length: 65 }, (_, at) => `https://${at}.example.com/`);
    for (const url of urls) expect(await verdictOn(old, "old", url)).toStrictEqual(accepted);
    for (const url of urls.slice(1)) await verdictOn(old, "old", url);
    expect(asked).toStrictEqual(urls);
    await verdictOn(old, "old", urls[0]);
    expect(asked).toStrictEqual([...urls, urls[0]]);
  });

  test("may be none", async () => {
    server.answer = publishing();
    expect(await verdictOn(old)).toStrictEqual(refused);
  });
});

describe("Strangers who make up keys", () => {
  test("have us fetch once in 30 seconds, however many they make up", async () => {
    expect(await verdictOn(old)).toStrictEqual(accepted);
    const asked: number[] = [];
    for (let second = 0; second < 120; second += 1) {
      for (let at = 0; at < 3; at += 1)
        expect(await verdictOn(unknown, `${second}-${at}`)).toStrictEqual(refused);
      pass(1000);
      asked.push(server.asked);
    }
    expect([asked[29], asked[59], asked[89], asked[119]]).toStrictEqual([1, 2, 3, 4]);
  });

  test("have us fetch once in 5 seconds from an issuer that is down, and the others are accepted", async () => {
    expect(await verdictOn(old)).toStrictEqual(accepted);
    server.answer = answering("", 503);
    pass(31_000);
    for (let second = 0; second < 20; second += 1) {
      await expect(verdictOn(unknown, `${second}`)).rejects.toThrow(IssuerUnavailableError);
      expect(await verdictOn(old)).toStrictEqual(accepted);
      pass(1000);
    }
    expect(server.asked).toBe(1 + 4);
  });
});

const good = JSON.stringify({ keys: [old.jwk] });
const never: RequestListener = () => {};

const startsAndStops: RequestListener = (_request, response) => {
  response.writeHead(200).write(good.slice(0, 10));
};

const hangsUp: RequestListener = (request) => {
  request.socket.destroy();
};

const drips: RequestListener = (_request, response) => {
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};

describe("An issuer is unavailable", () => {
  test.each<[string, RequestListener]>([
    ["answers 503", answering(good, 503)],
    ["answers 404", answering(good, 404)],
    ["answers 204", answering("", 204)],
    ["answers 206", answering(good, 206)],
    ["redirects", answering(good, 302, { location: "/elsewhere" })],
    ["redirects for good", answering(good, 308, { location: "https://example.com/keys" })],
    ["answers nothing", answering("")],
    ["answers a page", answering("<!doctype html>")],
    ["answers a list", answering(`[${JSON.stringify(old.jwk)}]`)],
    ["answers null", answering("null")],
    ["answers one key", answering(JSON.stringify(old.jwk))],
    ["answers keys by name", answering(JSON.stringify({ keys: { old: old.jwk } }))],
    ["answers keys that are text", answering(JSON.stringify({ keys: ["old"] }))],
    ["answers more than 1 MiB", answering(good + " ".repeat(1024 * 1024))],
    ["packs its answer", answering(gzipSync(good), 200, { "content-encoding": "gzip" })],
    ["never answers", never],
    ["never ends its answer", startsAndStops],
    ["answers a space at a time", drips],
    ["hangs up", hangsUp],
  ])("that %s, and is asked again later", async (_what, answer) => {
    server.answer = answer;
    await expect(verdictOn(old)).rejects.toThrow(IssuerUnavailableError);
    server.answer = publishing(old.jwk);
    await expect(verdictOn(old)).rejects.toThrow(IssuerUnavailableError);
    expect(server.asked).toBe(1);
    pass(5000);
    expect(await verdictOn(old)).toStrictEqual(accepted);
    expect(server.asked).toBe(2);
  });

  test("that lets us wait for longer than we do", async () => {
    server.answer = never;
    const start = performance.now();
    await expect(verdictOn(old)).rejects.toThrow(IssuerUnavailableError);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test("that is not followed to where it redirects", async () => {
    const elsewhere = await IssuerServer.start(publishing(old.jwk));
    server.answer = answering("", 301, { location: elsewhere.jwksUrl });
    await expect(verdictOn(old)).rejects.toThrow(IssuerUnavailableError);
    expect(elsewhere.connections).toBe(0);
    await elsewhere.stop();
  });

  test("that is down, and is asked again when it is up", async () => {
    const { port, jwksUrl } = server;
    await server.stop();
    await expect(verdictOn(old, "old", jwksUrl)).rejects.toThrow(
      `No keys could be fetched from ${jwksUrl}.`,
    );
    await server.listen(port);
    pass(5000);
    expect(await verdictOn(old, "old", jwksUrl)).toStrictEqual(accepted);
  });

  test("that goes down, once its keys are ten minutes old", async () => {
    expect(await verdictOn(old)).toStrictEqual(accepted);
    server.answer = answering("", 500);
    pass(10 * MINUTE - 1);
    expect(await verdictOn(old)).toStrictEqual(accepted);
    pass(1);
    await expect(verdictOn(old)).rejects.toThrow(IssuerUnavailableError);
  });

  test("that has a private address, unless these are allowed", async () => {
    verifier = new OutsideVerifier({ now: () => new Date() });
    await expect(verdictOn(old)).rejects.toThrow(IssuerUnavailableError);
    expect(server.connections).toBe(0);
  });

  test.each(["", "keys", "file:///etc/passwd", "https://"])("at %j", async (jwksUrl) => {
    await expect(verdictOn(old, "old", jwksUrl)).rejects.toThrow(IssuerUnavailableError);
  });

  test("for no JWT that is refused without its keys", async () => {
    server.answer = answering("", 503);
    const fault = "MALFORMED";
    expect(await verifier.verify("a.b.c", trusting(server.jwksUrl))).toStrictEqual({ fault });
    expect(server.asked).toBe(0);
  });
});
