import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { type DemoServer, startDemoServer } from "./demo-server.ts";
import { type GraphiqlPage, openBrowser, openGraphiql } from "./graphiql-page.ts";

/** Takes the screenshots of the documentation anew: `npm run screenshots`. */
const FOLDER = fileURLToPath(new URL("../../../docs/screenshots", import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };

const [server, browser] = await Promise.all([startDemoServer(), openBrowser()]);
try {
  await mkdir(FOLDER, { recursive: true });
  await takeAll(server, browser);
} finally {
  await browser.close();
  await server.stop();
}

async function takeAll({ endpoint, keys }: DemoServer, visitor: Browser): Promise<void> {
  const graphiql = await openGraphiql(visitor, endpoint, VIEWPORT);
  await graphiql.enterKey(keys.administrator);
  await graphiql.run();
  await take(graphiql, "administrator");
  await graphiql.enterKey(keys.analyst);
  await graphiql.run();
  await take(graphiql, "analyst");
  await graphiql.openTab("query Keys {\n  keys(first: 1) {\n    nodes { name }\n  }\n}");
  await graphiql.run();
  await take(graphiql, "denied");
}

/** Where the mouse is, something would be highlighted. */
async function take({ page }: GraphiqlPage, name: string): Promise<void> {
  const path = `${FOLDER}/graphiql-${name}.png`;
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  process.stdout.write(`${path}\n`);
}
