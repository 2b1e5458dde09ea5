import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, serve } from "../../../src/http/server.ts";
import { chromiumPath } from "../../support/chromium.ts";
import { embeddedPlace } from "../cli/place.ts";
import { aServer } from "../cli/program.ts";
import { askedByCookie, askedByProof, type PageRequest } from "./asked.ts";
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

  const asking = (token: string): PageRequest => ({
    endpoint: endpoint ?? "",
    query: QUERY,
    token,
  });

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
