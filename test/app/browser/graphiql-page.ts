import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { chromiumPath, NO_CHROMIUM } from "../../support/chromium.ts";

/** How long anything of the page may take on a machine that is busy with other things. */
const PATIENCE_MS = 60_000;

/** A browser that reaches this machine alone, with a profile of its own. @param args What it is told besides. */
export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error(NO_CHROMIUM);
  return await chromium.launch({
    executablePath,
    // Chromium has no sandbox for root, as which containers run.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-quic",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.*",
      "--no-first-run",
      ...args,
    ],
  });
}

/** The page of GraphiQL, as a person uses it. */
export interface GraphiqlPage {
  readonly page: Page;
  /** What nobody asked for: errors on the console, breaches of the policy, requests to other origins. */
  readonly faults: readonly string[];
  /** Puts a key into the bar. Returns what the bar then says of it. */
  readonly enterKey: (key: string) => Promise<string>;
  /** Opens a new tab with a document. */
  readonly openTab: (document: string) => Promise<void>;
  /** Writes the headers of the tab in front. */
  readonly enterHeaders: (headers: object) => Promise<void>;
  /** Runs the tab in front. Returns what its result shows of the answer, without any white space. */
  readonly run: () => Promise<string>;
}

/** Opens GraphiQL in a profile without a past, and waits until it knows the schema. */
export async function openGraphiql(
  browser: Browser,
  endpoint: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<GraphiqlPage> {
  const page = await browser.newPage({ viewport, permissions: ["clipboard-write"] });
  page.setDefaultTimeout(PATIENCE_MS);
  const faults = faultsOf(page, new URL(endpoint).origin);
  await Promise.all([answerOf(page, endpoint), page.goto(endpoint)]);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  return {
    page,
    faults,
    enterKey: (key) => enterKey(page, key),
    openTab: (document) => openTab(page, document),
    enterHeaders: (headers) => enterHeaders(page, headers),
    run: () => run(page, endpoint),
  };
}

function faultsOf(page: Page, origin: string): readonly string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== origin) faults.push(request.url());
  });
  return faults;
}

async function enterKey(page: Page, key: string): Promise<string> {
  await page.getByLabel("API key").fill(key);
  const viewer = page.getByRole("banner").getByRole("status").filter({ hasNotText: "…" });
  return (await viewer.textContent()) ?? "";
}

async function openTab(page: Page, document: string): Promise<void> {
  await page.getByRole("button", { name: "New tab" }).click();
  await paste(page, ".graphiql-query-editor", document);
}

async function enterHeaders(page: Page, headers: object): Promise<void> {
  await page.getByRole("button", { name: "Headers" }).click();
  await paste(page, ".graphiql-editor-tool .graphiql-editor:visible", JSON.stringify(headers));
}

/** Replaces what is in an editor. Typed text would be indented and have its brackets closed. */
async function paste(page: Page, editor: string, text: string): Promise<void> {
  await page.locator(editor).click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press("ControlOrMeta+V");
}

async function run(page: Page, endpoint: string): Promise<string> {
  const [response] = await Promise.all([
    answerOf(page, endpoint),
    page.getByRole("button", { name: /^Execute query/ }).click(),
  ]);
  const answer = JSON.stringify(await response.json(), withoutLocations);
  return await untilShown(page, answer.replaceAll(/\s/g, ""));
}

/** GraphiQL shows an error without its place in the document. */
function withoutLocations(name: string, value: unknown): unknown {
  return name === "locations" ? undefined : value;
}

/** The next answer of the API that the page has not asked for yet. */
function answerOf(page: Page, endpoint: string) {
  return page.waitForResponse(
    (response) => response.url() === endpoint && response.request().method() === "POST",
  );
}

/** Waits for the result. The editor lays out only the lines that fit into its height. */
async function untilShown(page: Page, answer: string): Promise<string> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(20)) {
    const lines = await page.locator(".result-window .view-line").allTextContents();
    const shown = lines.join("").replaceAll(/\s/g, "");
    if (shown !== "" && answer.startsWith(shown)) return shown;
  }
  throw new Error(`The result does not come to show ${answer}`);
}
