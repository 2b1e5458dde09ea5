import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { openEmbed } from "./embed-page.ts";
import { type EmbedSite, startEmbedSite } from "./embed-site.ts";
import { openBrowser, openGraphiql } from "./graphiql-page.ts";

/** Takes the screenshots of the documentation anew: `npm run screenshots`. */
const FOLDER = fileURLToPath(new URL("../../../docs/screenshots", import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };

const [server, site, browser] = await Promise.all([
  startDemoServer(),
  startEmbedSite(),
  openBrowser(),
]);
try {
  await mkdir(FOLDER, { recursive: true });
  await takeGraphiql(server, browser);
  await takeEmbed(site, browser);
} finally {
  await browser.close();
  await Promise.all([server.stop(), site.stop()]);
}

async function takeGraphiql({ endpoint, keys }: DemoServer, visitor: Browser): Promise<void> {
  const graphiql = await openGraphiql(visitor, endpoint, VIEWPORT);
  await graphiql.enterKey(keys.administrator);
  await graphiql.run();
  await take(graphiql, "graphiql-administrator");
  await graphiql.enterKey(keys.analyst);
  await graphiql.run();
  await take(graphiql, "graphiql-analyst");
  await graphiql.openTab("query Keys {\n  keys(first: 1) {\n    nodes { name }\n  }\n}");
  await graphiql.run();
  await take(graphiql, "graphiql-denied");
}

async function takeEmbed({ origin }: EmbedSite, visitor: Browser): Promise<void> {
  await take(await openEmbed(visitor, `${origin}/?customer=acme`, { viewport: VIEWPORT }), "embed");
}

/** Where the mouse is, something would be highlighted. */
async function take({ page }: { readonly page: Page }, name: string): Promise<void> {
  const path = `${FOLDER}/${name}.png`;
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  process.stdout.write(`${path}\n`);
}
