import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, serve } from "../../../src/http/server.ts";
import { chromiumPath } from "../../support/chromium.ts";
import { embeddedPlace } from "../cli/place.ts";
import { aServer } from "../cli/program.ts";
import { openBrowser } from "./graphiql-page.ts";

/** Serves an empty page: on another port, which is the same site to a browser, or on another host, which is not. */
async function aSite(host: string): Promise<HttpServer> {
  return await serve(
    (_request, response) => {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>A page</title>");
    },
    { host, port: 0 },
  );
}

const HOSTS = {
  "another port": "127.0.0.1",
  "another site": "127.0.0.2",
  "a stranger": "127.0.0.1",
};

const QUERY = "{ viewer { kind } }";

/** A request that a page makes. */
interface Request {
  readonly endpoint: string;
  readonly query: string;
  readonly token: string;
}

/** What a page hears: the kind of the principal, or the status of a refusal, or that it may not know. */
type Heard = string | number;

describe.skipIf(chromiumPath() === null)("An access token in a browser", () => {
  const place = embeddedPlace();
  let [browser, endpoint, admin]: [Browser?, string?, string?] = [];
  const sites = new Map<string, string>();
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    for (const [name, host] of Object.entries(HOSTS)) {
      const site = await aSite(host);
      stops.push(() => site.close());
      sites.set(name, site.address);
    }
    const server = await aServer(place, {
      FIELDGATE_DEMO: "1",
      FIELDGATE_CORS_ORIGINS: [sites.get("another port"), sites.get("another site")].join(),
    });
    stops.push(() => server.stop());
    browser = await openBrowser();
    endpoint = `${server.address}/graphql`;
    sites.set("the server itself", server.address);
    const file = readFileSync(join(place.dataDir, "demo-keys.json"), "utf8");
    admin = (JSON.parse(file) as { keys: { administrator: string } }).keys.administrator;
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(stops.map((stop) => stop()));
    await place.drop();
  });

  /** @returns The text of a new token. */
  async function mint(binding: "COOKIE" | "DPOP"): Promise<string> {
    const query = `mutation { createAccessToken(input: { binding: ${binding} }) { secret } }`;
    const response = await fetch(endpoint ?? "", {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": admin ?? "" },
      body: JSON.stringify({ query }),
    });
    const { data } = (await response.json()) as { data: { createAccessToken: { secret: string } } };
    return data.createAccessToken.secret;
  }

  /** A page of a site, in a profile without a past. */
  async function aPage(site: string): Promise<Page> {
    const context = await browser?.newContext();
    if (!context) throw new Error("There is no browser.");
    const page = await context.newPage();
    await page.goto(`${sites.get(site)}/`);
    return page;
  }

  const asking = (token: string): Request => ({ endpoint: endpoint ?? "", query: QUERY, token });

  test.each(["the server itself", "another port", "another site"])(
    "is the page's that used it first, by a cookie: of %s",
    async (site) => {
      const [page, stranger] = [await aPage(site), await aPage(site)];
      const token = await mint("COOKIE");
      expect(await page.evaluate(askedByCookie, asking(token))).toBe("ACCESS_TOKEN");
      expect(await stranger.evaluate(askedByCookie, asking(token))).toBe(401);
      expect(await page.evaluate(askedByCookie, asking(token))).toBe("ACCESS_TOKEN");
      expect(await page.evaluate("document.cookie")).toBe("");
      // The cookie is that of the browser, for whatever tokens it uses.
      expect(await page.evaluate(askedByCookie, asking(await mint("COOKIE")))).toBe("ACCESS_TOKEN");
      const cookies = await page.context().cookies(endpoint);
      expect(cookies).toMatchObject([
        { name: "__Host-fieldgate", httpOnly: true, secure: true, sameSite: "None", expires: -1 },
      ]);
    },
  );

  test("hears nothing on a page of an origin that is not configured", async () => {
    const page = await aPage("a stranger");
    expect(await page.evaluate(askedByCookie, asking(await mint("COOKIE")))).toBe("unheard");
  });

  test("is the page's that used it first, by its proofs", async () => {
    const [page, stranger] = [await aPage("another site"), await aPage("another site")];
    const token = await mint("DPOP");
    expect(await page.evaluate(askedByProof, asking(token))).toBe("ACCESS_TOKEN");
    expect(await stranger.evaluate(askedByProof, asking(token))).toBe(401);
    expect(await page.evaluate(askedByProof, asking(token))).toBe("ACCESS_TOKEN");
    expect(await page.context().cookies(endpoint)).toEqual([]);
  });
});

/** Runs in a page: asks with a token and the cookie that the browser has. */
async function askedByCookie({ endpoint, query, token }: Request): Promise<Heard> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      credentials: "include",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const { data } = (await response.json()) as { data?: { viewer: { kind: string } } };
    return data?.viewer.kind ?? response.status;
  } catch {
    return "unheard";
  }
}

/** Runs in a page: asks with a token and a proof by the key that the page keeps, which never leaves it. */
async function askedByProof({ endpoint, query, token }: Request): Promise<Heard> {
  const kept = globalThis as { pair?: CryptoKeyPair };
  const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  kept.pair ??= await crypto.subtle.generateKey(ecdsa, false, ["sign", "verify"]);
  const { privateKey, publicKey } = kept.pair;
  // It cannot stand outside: of this module the page knows this function alone.
  // eslint-disable-next-line unicorn/consistent-function-scoping
  const base64url = (bytes: Uint8Array) =>
    btoa(String.fromCodePoint(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const encoded = (part: object) => base64url(new TextEncoder().encode(JSON.stringify(part)));
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  const head = encoded({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });
  const claims = encoded({
    jti: crypto.randomUUID(),
    htm: "POST",
    htu: endpoint,
    iat: Math.floor(Date.now() / 1_000),
    ath: base64url(new Uint8Array(hash)),
  });
  const signed = new TextEncoder().encode(`${head}.${claims}`);
  const signature = await crypto.subtle.sign(ecdsa, privateKey, signed);
  const proof = `${head}.${claims}.${base64url(new Uint8Array(signature))}`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `DPoP ${token}`,
      dpop: proof,
    },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data?: { viewer: { kind: string } } };
  return data?.viewer.kind ?? response.status;
}
