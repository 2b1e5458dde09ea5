import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page, Response } from "playwright-core";

/** How long anything of the page may take on a machine that is busy with other things. */
const PATIENCE_MS = 60_000;

/** A page of the embedding example, as a customer uses it. */
export interface EmbedPage {
  readonly page: Page;
  /** What nobody asked for: errors on the console, breaches of the policy. */
  readonly faults: readonly string[];
  /** The token that the page was given last. */
  readonly token: () => string;
  /** The bodies of all answers that the page got, from wherever. */
  readonly bodies: () => Promise<string[]>;
  /** The rows that are shown: the texts of their cells. */
  readonly rows: () => Promise<string[][]>;
  /** Presses a button and waits until the page shows the answer. */
  readonly press: (name: string | RegExp) => Promise<void>;
}

/** Opens a page in a profile without a past, and waits until it shows rows. */
export async function openEmbed(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<EmbedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const heard = listenTo(page);
  await page.goto(url);
  await page.locator("tbody tr").first().waitFor();
  return { page, ...heard, rows: () => rowsOf(page), press: (name) => press(page, name) };
}

function listenTo(page: Page): Pick<EmbedPage, "faults" | "token" | "bodies"> {
  const faults: string[] = [];
  const answers: Promise<{ url: string; body: string }>[] = [];
  let token = "";
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("response", (response) => answers.push(bodyOf(response)));
  page.on("response", (response) => {
    if (!new URL(response.url()).pathname.startsWith("/token")) return;
    const given = response.json() as Promise<{ token: string }>;
    given.then((json) => (token = json.token)).catch((error: Error) => faults.push(error.message));
  });
  return {
    faults,
    token: () => token,
    bodies: async () => (await Promise.all(answers)).map(({ body }) => body),
  };
}

/** A redirect and what answers a preflight have none. */
async function bodyOf(response: Response): Promise<{ url: string; body: string }> {
  const body = await response.text().catch(() => "");
  return { url: response.url(), body };
}

async function rowsOf(page: Page): Promise<string[][]> {
  return await page
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => Array.from(row.children, (cell) => cell.textContent ?? "")),
    );
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name }).click();
  await settled(page);
}

/** Waits until the page has shown what it asked for. */
export async function settled(page: Page): Promise<void> {
  const films = page.locator("#films");
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(20)) {
    if ((await films.getAttribute("aria-busy")) === null) return;
  }
  throw new Error("The page does not come to show what it asked for.");
}

/** Whatever is in the memory of the page's scripts, as the text of a heap snapshot. */
export async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => chunks.push(chunk));
  await session.send("HeapProfiler.takeHeapSnapshot", {
    reportProgress: false,
    captureNumericValue: true,
  });
  await session.detach();
  return chunks.join("");
}

/** Has a heap snapshot show texts whole. */
export const WHOLE_TEXTS = "--js-flags=--heap-snapshot-string-limit=100000000";
