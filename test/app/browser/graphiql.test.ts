import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "../../support/chromium.ts";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { type GraphiqlPage, openBrowser, openGraphiql } from "./graphiql-page.ts";

/** So high that the longest answer is laid out whole. */
const VIEWPORT = { width: 1280, height: 2000 };

/** One visit: each test goes on where the last one left the page. Skipped, the run says why at its end. */
describe.skipIf(chromiumPath() === null)("GraphiQL in a browser", () => {
  let [server, browser, graphiql]: [DemoServer?, Browser?, GraphiqlPage?] = [];
  const visit = () => {
    if (!server || !graphiql) throw new Error("The page is not open.");
    return { ...graphiql, keys: server.keys };
  };

  beforeAll(async () => {
    [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
    graphiql = await openGraphiql(browser, server.endpoint, VIEWPORT);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("documents the API in the words of the schema", async () => {
    const { page } = visit();
    const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
    const docs = page.getByRole("region", { name: "Documentation Explorer" });
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    expect(await textWith(docs, "query:")).toContain(beginning(schema.description));
    await docs.getByRole("link", { name: "Query", exact: true }).click();
    const { dataset } = schema.getQueryType()?.getFields() ?? {};
    expect(await textWith(docs, "dataset(")).toContain(beginning(dataset?.description));
    await page.getByRole("button", { name: "Hide Documentation Explorer" }).click();
  });

  test("is anonymous until a key is entered, which it does not show", async () => {
    const { page } = visit();
    const field = page.getByLabel("API key");
    expect(await page.getByRole("banner").getByRole("status").textContent()).toBe("anonymous");
    expect(await field.getAttribute("type")).toBe("password");
    await page.getByRole("button", { name: "Show key" }).click();
    expect(await field.getAttribute("type")).toBe("text");
    await page.getByRole("button", { name: "Hide key" }).click();
    expect(await field.getAttribute("type")).toBe("password");
  });

  test("answers with what the key that is pasted may see", async () => {
    const { enterKey, run, keys } = visit();
    expect(await enterKey(keys.administrator)).toBe("administrator · roles: administrator");
    expect(await run()).toMatch(/"us_gross":\d+.+"imdb_votes"/);
  });

  test("answers the same query otherwise once the key is another", async () => {
    const { enterKey, run, keys } = visit();
    expect(await enterKey(keys.analyst)).toBe("analyst · roles: analyst");
    const shown = await run();
    expect(shown.match(/"imdb_votes"/g)).toHaveLength(3);
    expect(shown).not.toContain("gross");
  });

  test("shows an answer to another key as one of before", async () => {
    const { page, enterKey, run, keys } = visit();
    const answer = page.locator(".graphiql-response");
    const opacity = () => answer.evaluate((shown) => getComputedStyle(shown).opacity);
    await enterKey(keys.administrator);
    expect(await opacity()).toBe("0.3");
    await enterKey(keys.analyst);
    await run();
    expect(await opacity()).toBe("1");
  });

  test("explains what the key lacks", async () => {
    const { openTab, run } = visit();
    await openTab("{ keys(first: 1) { nodes { name } } }");
    const shown = await run();
    expect(shown).toContain('"keys":null');
    expect(shown).toContain('"message":"Notallowed:');
    expect(shown).toContain('"missing":{"gate":"PERMISSION","name":"key::find"');
  });

  test("has done nothing so far that its policy or its owner would mind", () => {
    expect(visit().faults).toEqual([]);
  });

  test("says in the server's words that a key is not accepted", async () => {
    const { enterKey } = visit();
    expect(await enterKey("fgk_mistyped…")).toMatch(/^The credential was not accepted\./);
  });

  test("sends a key that is typed under Headers instead of the bar's", async () => {
    const { openTab, enterHeaders, run, keys } = visit();
    await openTab("{ viewer { name } }");
    await enterHeaders({ "x-api-key": keys.administrator });
    expect(await run()).toBe('{"data":{"viewer":{"name":"administrator"}}}');
  });

  test("opens the same tabs again where nobody has typed", async () => {
    const { page } = visit();
    const context = await page.context().browser()?.newContext();
    const other = await context?.newPage();
    const tabs = async () => {
      const list = other?.getByRole("tab");
      await list?.first().waitFor();
      return await list?.allTextContents();
    };
    await other?.goto(new URL("/graphql", page.url()).href);
    const before = await tabs();
    expect(before?.[0]).toMatch(/^Films/);
    // The policy of the page lets no text become a program, which waiting for a function would need.
    await expect
      .poll(() => other?.evaluate<string | null>("localStorage.getItem('graphiql:tabState')"))
      .toContain("RenameAirport");
    await other?.reload();
    expect(await tabs()).toEqual(before);
    await context?.close();
  });

  test("forgets the keys with the page", async () => {
    const { page, enterKey, keys } = visit();
    await enterKey(keys.analyst);
    const stored = await page.evaluate("JSON.stringify([localStorage, sessionStorage, location])");
    expect(stored).toContain("viewer");
    expect(stored).not.toMatch(/fgk_/);
    await page.reload();
    expect(await page.getByLabel("API key").inputValue()).toBe("");
    expect(await page.getByRole("banner").getByRole("status").textContent()).toBe("anonymous");
  });
});

/** What is shown once these words are. */
async function textWith(shown: Locator, words: string): Promise<string | null> {
  return await shown.filter({ hasText: words }).textContent();
}

/** The first clause of a description, as it is shown: without the marks of code. */
function beginning(description: string | null | undefined): string {
  if (!description) throw new Error("The schema has no such description.");
  return description.split(/[.:] /, 1)[0]?.replaceAll("`", "") ?? "";
}
