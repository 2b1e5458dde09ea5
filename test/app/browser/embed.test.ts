import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpServer, serve } from "../../../src/http/server.ts";
import { chromiumPath } from "../../support/chromium.ts";
import { askedByCookie, askedByProof, type PageRequest } from "./asked.ts";
import { type EmbedPage, heapOf, openEmbed, settled, WHOLE_TEXTS } from "./embed-page.ts";
import { type EmbedSite, startEmbedSite } from "./embed-site.ts";
import { openBrowser } from "./graphiql-page.ts";

const COLUMNS = [
  { name: "title", label: "Title" },
  { name: "production_budget", label: "Production Budget" },
  { name: "major_genre", label: "Major Genre" },
  { name: "director", label: "Director" },
  { name: "imdb_rating", label: "IMDB Rating" },
  { name: "imdb_votes", label: "IMDB Votes" },
];

/** Written by the administrator before any page is opened: what a page may know of, and what it may not. */
const CANARIES = {
  shownText: "Canary Shown-5e0b71",
  shownNumber: 7_310_462_918_357,
  withheldNumber: 4_829_173_650_281,
  absentText: "Canary Absent-c94d2f",
  othersText: "Canary Others-83af16",
};

interface Film {
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

describe.skipIf(chromiumPath() === null)("The embedding example", () => {
  let [site, browser, host]: [EmbedSite?, Browser?, HttpServer?] = [];
  const parts = () => {
    if (!site || !browser || !host) throw new Error("The example is not there.");
    return { site, browser, host };
  };
  const open = async (query: string, options?: Parameters<typeof openEmbed>[2]) =>
    await openEmbed(parts().browser, `${parts().site.origin}/?${query}`, options);

  /** All films of a distributor, as the administrator sees them. */
  async function filmsOf(distributor: string, orderBy: object): Promise<Film[]> {
    const { dataset } = await parts().site.ask<{ dataset: { rows: { nodes: Film[] } } }>(
      `query ($filter: RowFilter, $orderBy: [RowOrder!]) {
        dataset(name: "movies") { rows(first: 10000, filter: $filter, orderBy: $orderBy) { nodes { id values } } } }`,
      { filter: { column: "distributor", eq: distributor }, orderBy: [orderBy] },
    );
    return dataset.rows.nodes;
  }
  const byRating = { column: "imdb_rating", direction: "DESC" };

  async function write(film: Film | undefined, values: object): Promise<void> {
    await parts().site.ask(
      `mutation ($id: ID!, $values: JSON!, $datasetId: ID!) {
        updateRows(input: { datasetId: $datasetId, rows: [{ id: $id, values: $values }] }) { count } }`,
      { id: film?.id, values, datasetId: await datasetId() },
    );
  }
  async function datasetId(): Promise<string> {
    const { dataset } = await parts().site.ask<{ dataset: { id: string } }>(
      `{ dataset(name: "movies") { id } }`,
    );
    return dataset.id;
  }

  beforeAll(async () => {
    host = await aHost();
    [site, browser] = await Promise.all([startEmbedSite(host.address), openBrowser([WHOLE_TEXTS])]);
    const [own, others] = [
      await filmsOf("Paramount Pictures", byRating),
      await filmsOf("Warner Bros.", byRating),
    ];
    const { shownText, shownNumber, withheldNumber, absentText, othersText } = CANARIES;
    await write(own.find(isOriginal), { director: shownText, production_budget: shownNumber });
    await write(
      own.find((film) => !isOriginal(film)),
      { production_budget: withheldNumber, creative_type: absentText },
    );
    await write(others[0], { title: othersText });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await host?.close();
  });

  test.each([
    ["acme", "Paramount Pictures", "cookie"],
    ["globex", "Warner Bros.", "dpop"],
  ])("shows %s all films of %s and no others, by %s", async (customer, distributor, binding) => {
    const embed = await open(`customer=${customer}&binding=${binding}`);
    const films = await filmsOf(distributor, byRating);
    expect(await embed.page.locator("thead th").allTextContents()).toEqual(
      COLUMNS.map(({ label }) => label),
    );
    const rows = await allRows(embed);
    expect(rows).toEqual(films.map(shownOf));
    expect(rows.flat()).toContain("withheld");
    expect(await embed.page.locator("#place").textContent()).toMatch(
      new RegExp(` to ${films.length} of ${films.length}$`),
    );
    expect(await embed.page.content()).not.toMatch(/gross/i);
    expect(embed.faults).toEqual([]);
    await embed.page.context().close();
  });

  test("is ordered by a column and turned over without a mouse", async () => {
    const { page, rows, faults } = await open("customer=acme");
    const titles = async () => (await rows()).map(([title]) => title);
    const films = await filmsOf("Paramount Pictures", { column: "title", direction: "ASC" });
    const shown = films.map(({ values }) => values["title"]);
    await page.getByRole("button", { name: "Title" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(titles).toEqual(shown.slice(0, 25));
    const head = page.locator("thead th").first();
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("button", { name: "Next" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(titles).toEqual(shown.slice(25, 50));
    await page.getByRole("button", { name: "Previous" }).focus();
    await page.keyboard.press("Space");
    await expect.poll(titles).toEqual(shown.slice(0, 25));
    await page.getByRole("button", { name: "Title" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("descending");
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test.each(["cookie", "dpop"])(
    "gets a new token, and says so, where the one by %s has ended",
    async (binding) => {
      const { page, token, press, rows } = await open(`customer=acme&binding=${binding}`);
      const [before, first] = [token(), await rows()];
      await press("Next");
      await revokeAll(parts().site);
      await press("Next");
      expect(await page.getByRole("status").textContent()).toBe(
        "Your access had ended. This page got a new one, and begins anew.",
      );
      expect(token()).not.toBe(before);
      expect(await rows()).toEqual(first);
      await press("Next");
      expect(await page.getByRole("status").textContent()).toBe("");
      expect(await page.locator("#place").textContent()).toMatch(/^26 to 50 /);
      await page.context().close();
    },
  );

  test("says what went wrong, and what was shown stays until it is tried again", async () => {
    const { page, press, rows } = await open("customer=acme");
    await press("Next");
    const shown = await rows();
    const status = page.getByRole("status");
    await page.route("**/token?*", (route) => route.fulfill({ status: 502 }));
    await revokeAll(parts().site);
    await press("Next");
    expect(await status.textContent()).toMatch(/^This site can give you no access at the moment\./);
    await page.unroute("**/token?*");
    await page.route(parts().site.endpoint, (route) => route.abort());
    await press("Try again");
    expect(await status.textContent()).toMatch(/^Fieldgate does not answer this page\./);
    expect(await rows()).toEqual(shown);
    await page.unroute(parts().site.endpoint);
    await press("Try again");
    expect(await status.textContent()).toMatch(/^Your access had ended\./);
    await page.context().close();
  });

  test("knows nobody else", async () => {
    const page = await parts().browser.newPage();
    await page.goto(`${parts().site.origin}/?customer=nobody`);
    const status = page.getByRole("status").filter({ hasText: "does not know who you are" });
    await status.waitFor();
    expect(await page.locator("tbody tr").count()).toBe(0);
    await page.close();
  });

  /** The newest line of the log about a credential that was refused, which is written within a second or so. */
  async function expectRefusal(reason: string): Promise<void> {
    const { site: asked } = parts();
    await expect
      .poll(() => newestRefusal(asked), { timeout: 20_000 })
      .toEqual({ outcome: "FAILED", reason });
  }

  /** What a page of the same site hears in another profile, with a token that is not its own. */
  async function stolen(ask: typeof askedByCookie, token: string) {
    const thief = await open("customer=globex");
    const asking: PageRequest = {
      endpoint: parts().site.endpoint,
      query: "{ viewer { kind } }",
      token,
    };
    const heard = await thief.page.evaluate(ask, asking);
    await thief.page.context().close();
    return heard;
  }

  test("has a token that is nobody's in another browser, which the log tells", async () => {
    const { page, token, press } = await open("customer=acme");
    expect(await stolen(askedByCookie, token())).toBe(401);
    await expectRefusal("OTHER_BROWSER");
    await press("Next");
    expect(await page.getByRole("status").textContent()).toBe("");
    await page.context().close();
  });

  test("has a token by DPoP that is worth nothing without the key, which no script can take", async () => {
    const context = await parts().browser.newContext();
    await context.addInitScript(keepKeys);
    const page = await context.newPage();
    const embed = openEmbed(parts().browser, `${parts().site.origin}/?customer=acme&binding=dpop`);
    const { token, press, page: owner } = await embed;
    expect(await stolen(askedByCookie, token())).toBe(401);
    expect(await stolen(askedByProof, token())).toBe(401);
    await expectRefusal("OTHER_BROWSER");
    await press("Next");
    expect(await owner.getByRole("status").textContent()).toBe("");
    await owner.context().close();
    await page.goto(`${parts().site.origin}/?customer=acme&binding=dpop`);
    await page.locator("tbody tr").first().waitFor();
    expect(await page.evaluate("keptKeys.map((key) => key.extractable)")).toEqual([false]);
    await context.close();
  });

  test("is shown in a frame of another site, by DPoP", async () => {
    const page = await parts().browser.newPage();
    const faults: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    const framed = `${parts().site.origin}/?customer=acme&binding=dpop`;
    await page.goto(`${parts().host.address}/?${encodeURIComponent(framed)}`);
    const frame = page.frameLocator("iframe");
    await frame.locator("tbody tr").first().waitFor();
    await frame.getByRole("button", { name: "Next" }).click();
    await frame
      .locator("#place")
      .filter({ hasText: /^26 to 50 / })
      .waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  test("holds nothing in the page, its memory or its answers that the customer may not read", async () => {
    const embed = await open("customer=acme");
    const { page } = embed;
    const searched = async () =>
      [await page.content(), await heapOf(page), ...(await embed.bodies())].map((text) =>
        text.replaceAll(/(?<=\d),(?=\d{3})/g, ""),
      );
    const [content = "", heap = "", ...bodies] = await searched();
    const { shownText, shownNumber, ...hidden } = CANARIES;
    for (const shown of [shownText, String(shownNumber)]) {
      expect(content).toContain(shown);
      expect(heap).toContain(shown);
      expect(bodies.join("")).toContain(shown);
    }
    for (const canary of Object.values(hidden)) {
      for (const text of [content, heap, ...bodies]) expect(text.includes(`${canary}`)).toBe(false);
    }
    expect(bodies.some((body) => body.includes(embed.token()))).toBe(true);
    expect(content).not.toContain(embed.token());
    await page.context().close();
  });

  test("fits a narrow window, where the titles stay in sight", async () => {
    const { page, faults } = await open("customer=acme", { viewport: { width: 360, height: 640 } });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    const films = page.getByRole("region", { name: "Films" });
    await films.focus();
    await page.keyboard.press("End");
    await films.evaluate((region) => region.scrollTo(region.scrollWidth, 200));
    await settled(page);
    const frame = await films.boundingBox();
    const [title, head] = [page.locator("tbody th").nth(8), page.locator("thead th").first()];
    // The border is between them.
    expect(await title.boundingBox()).toMatchObject({ x: (frame?.x ?? 0) + 1 });
    expect(await head.boundingBox()).toMatchObject({ y: (frame?.y ?? 0) + 1 });
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

/** The rows of all pages, from the one that is shown on. */
async function allRows({ page, rows, press }: EmbedPage): Promise<string[][]> {
  const all = await rows();
  while (await page.getByRole("button", { name: "Next" }).isEnabled()) {
    await press("Next");
    all.push(...(await rows()));
  }
  return all;
}

/** A page of another site, with a frame of whatever its address says. */
async function aHost(): Promise<HttpServer> {
  return await serve(
    ({ url = "" }, response) => {
      const src = decodeURIComponent(url.slice(2)).replaceAll("&", "&amp;");
      response
        .setHeader("content-type", "text/html")
        .end(
          `<!doctype html><title>A host</title><link rel="icon" href="data:,"><iframe src="${src}"></iframe>`,
        );
    },
    { host: "127.0.0.2", port: 0 },
  );
}

const isOriginal = ({ values }: Film) => values["source"] === "Original Screenplay";
const number = new Intl.NumberFormat("en");

/** What the page shows of a film that the administrator sees whole. */
function shownOf(film: Film): string[] {
  return COLUMNS.map(({ name }) => {
    if (name === "production_budget" && !isOriginal(film)) return "withheld";
    const value = film.values[name] as string | number | null;
    return typeof value === "number" ? number.format(value) : (value ?? "–");
  });
}

async function revokeAll({ ask }: EmbedSite): Promise<void> {
  const { accessTokens } = await ask<{ accessTokens: { nodes: { id: string }[] } }>(
    "{ accessTokens(first: 1000, status: ACTIVE) { nodes { id } } }",
  );
  for (const variables of accessTokens.nodes) {
    await ask(
      "mutation ($id: ID!) { revokeAccessToken(input: { id: $id }) { accessToken { id } } }",
      variables,
    );
  }
}

async function newestRefusal({ ask }: EmbedSite) {
  interface Event {
    readonly outcome: string;
    readonly reason: string;
  }
  const { events } = await ask<{ events: { nodes: Event[] } }>(
    `{ events(first: 1, filter: { name: "system::authenticate" }) { nodes { outcome reason } } }`,
  );
  return events.nodes[0];
}

/** Runs in a page before its scripts: keeps the private keys that they make. */
function keepKeys(): void {
  const kept: CryptoKey[] = [];
  Object.assign(globalThis, { keptKeys: kept });
  const made = crypto.subtle.generateKey.bind(crypto.subtle) as (
    ...given: unknown[]
  ) => Promise<CryptoKeyPair>;
  Object.assign(crypto.subtle, {
    generateKey: async (...given: unknown[]) => {
      const pair = await made(...given);
      kept.push(pair.privateKey);
      return pair;
    },
  });
}
