import { createHash } from "node:crypto";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { transferTexts } from "../../../src/identity/secret/secret-texts.ts";
import { type Asking, aWorld } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import { EXPORT, promised, refusalOf } from "./exporting.ts";
import { promisedImport } from "./importing.ts";

const world = await aWorld();
const server = await world.listen();
afterAll(() => server.close());

const columns = [{ name: "word", type: "TEXT" }];
const dataset = await world.dataset({ columns, rows: [{ word: "yes" }] });
const input = { datasetId: dataset.id };
const FILE = "word\r\nyes\r\n";
const reader = { permissions: ["row::export"], canRead: true };

const get = (url: string, init: RequestInit = {}) => fetch(`${server.address}${url}`, init);
const gone = {
  status: 404,
  code: "NOT_FOUND",
  message: "No such transfer. Its URL works once, for a few minutes. Ask for a new one.",
};

/** The URL with another last letter. */
const altered = (url: string) => `${url.slice(0, -1)}${url.endsWith("A") ? "B" : "A"}`;

describe("The URL of an export", () => {
  it("answers with a file that nothing keeps, frames or takes for something else", async () => {
    const response = await get(await promised(world, input));

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "content-disposition": expect.stringMatching(
        /^attachment; filename="dataset_[0-9a-f]+\.csv"$/,
      ) as string,
      "content-length": String(FILE.length),
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "content-type": "text/csv; charset=utf-8; header=present",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    expect(await response.text()).toBe(FILE);
  });

  it("works once", async () => {
    const url = await promised(world, input);
    await get(url);

    expect(await refusalOf(await get(url))).toEqual(gone);
  });

  it("works once, also for many at the same time", async () => {
    const url = await promised(world, input);
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async () => (await get(url)).status),
    );

    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status !== 200 && status !== 404 && status !== 503)).toEqual(
      [],
    );
  });

  it("is looked at by HEAD and still there", async () => {
    const url = await promised(world, { ...input, format: "JSON" });
    const looked = await get(url, { method: "HEAD" });

    expect(looked.status).toBe(200);
    expect(looked.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await (await get(url)).json()).toEqual([{ word: "yes" }]);
    expect((await get(url, { method: "HEAD" })).status).toBe(404);
  });

  it.each([
    ["POST", "GET, HEAD, PUT"],
    ["PUT", "GET, HEAD"],
    ["DELETE", "GET, HEAD, PUT"],
  ])("is not there for %s, which leaves it", async (method, allowed) => {
    const url = await promised(world, input);
    const refused = await get(url, { method });

    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe(allowed);
    expect(await (await get(url)).text()).toBe(FILE);
  });

  it("needs no credential, and takes no notice of one", async () => {
    const url = await promised(world, input);
    const headers = { authorization: "Bearer nonsense", "x-fieldgate-roles": "none" };

    expect(await (await get(url, { headers })).text()).toBe(FILE);
  });

  it("stands nowhere in the database but as a hash of its text", async () => {
    const url = await promised(world, input);
    const text = url.replace("/transfers/", "");
    const { rows } = await world.database.pool.query<{ line: string; hash: Buffer }>(
      "SELECT transfer::text AS line, secret_hash AS hash FROM transfer WHERE tenant_id = $1",
      [world.tenantId],
    );

    expect(rows.map(({ hash }) => hash.toString("hex"))).toContain(
      createHash("sha256").update(text).digest("hex"),
    );
    expect(rows.filter(({ line }) => line.includes(text.slice(4)))).toEqual([]);
  });
});

describe("A URL that leads nowhere answers in the same words", () => {
  const another = "0192f3a1-b2c3-7d4e-8f00-112233445566";

  it("when it is altered, and that of another that is not leaves it", async () => {
    const url = await promised(world, input);

    expect(await refusalOf(await get(altered(url)))).toEqual(gone);
    expect(await (await get(url)).text()).toBe(FILE);
  });

  it.each([
    ["is no text of one", () => "nonsense"],
    ["is of a key", () => world.admin],
    ["is unknown", () => transferTexts.create({ tenantId: world.tenantId, id: another }).text],
    [
      "is of an unknown tenant",
      () => transferTexts.create({ tenantId: another, id: another }).text,
    ],
  ])("when it %s", async (_why, text) => {
    expect(await refusalOf(await get(`/transfers/${text()}`))).toEqual(gone);
  });

  it("in a time that does not tell whether there is such a tenant", async () => {
    for (const tenantId of [world.tenantId, another]) {
      const begun = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      expect(
        (await get(`/transfers/${transferTexts.create({ tenantId: tenantId, id: another }).text}`))
          .status,
      ).toBe(404);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(20);
    }
  });

  it("when its secret is that of another", async () => {
    const url = await promised(world, input);
    const { rows } = await world.database.pool.query<{ id: string }>(
      "SELECT id FROM transfer WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1",
      [world.tenantId],
    );
    const forged = transferTexts.create({ tenantId: world.tenantId, id: rows[0]?.id ?? "" }).text;

    expect(await refusalOf(await get(`/transfers/${forged}`))).toEqual(gone);
    expect(await (await get(url)).text()).toBe(FILE);
  });

  it("when it has expired", async () => {
    const late = await aWorld();
    const listening = await late.listen();
    const { id } = await late.dataset({ columns, rows: [{ word: "yes" }] });
    const [one, other] = [
      await promised(late, { datasetId: id }),
      await promised(late, { datasetId: id }),
    ];
    late.wait(295);
    const intime = await fetch(`${listening.address}${one}`);
    late.wait(6);
    const refused = await refusalOf(await fetch(`${listening.address}${other}`));
    await listening.close();

    expect(intime.status).toBe(200);
    expect(refused).toEqual(gone);
  });

  it("when its key was revoked meanwhile", async () => {
    const { id, secret } = await world.keyWithId({ roles: [reader] });
    const [before, after] = [
      await promised(world, input, { key: secret }),
      await promised(world, input, { key: secret }),
    ];

    expect(await (await get(before)).text()).toBe(FILE);
    await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
      variables: { id },
    });
    expect((await get(after, { method: "HEAD" })).status).toBe(404);
    expect(await refusalOf(await get(after))).toEqual(gone);
  });

  it("when its key has expired meanwhile", async () => {
    const late = await aWorld();
    const listening = await late.listen();
    const { id } = await late.dataset({ columns, rows: [{ word: "yes" }] });
    const expiresAt = new Date(Date.now() + 60_000);
    const key = await late.key({ roles: [reader], expiresAt });
    const url = await promised(late, { datasetId: id }, { key });
    late.wait(61);
    const refused = await refusalOf(await fetch(`${listening.address}${url}`));
    await listening.close();

    expect(refused).toEqual(gone);
  });

  it("and is an event of its tenant, without a word of the URL", async () => {
    const other = await aWorld();
    const listening = await other.listen();
    const { text } = transferTexts.create({ tenantId: other.tenantId, id: another });
    const written = await eventsDuring(other, () =>
      fetch(`${listening.address}/transfers/${text}`),
    );
    await listening.close();

    expect(written.map(inShort)).toEqual([
      { name: "system::authenticate", outcome: "FAILED", target: null, reason: "TRANSFER" },
    ]);
    expect(JSON.stringify(written)).not.toContain(text.slice(-20));
  });
});

describe("Exports that are not fetched", () => {
  it("are so many at most, and make place when they expire", async () => {
    const late = await aWorld();
    const { id: datasetId } = await late.dataset({ columns });
    const asked = { variables: { input: { datasetId, format: "CSV" } } };
    for (let count = 0; count < 100; count += 1) await late.ask(EXPORT, asked);
    const refused = await late.run(EXPORT, asked);
    late.wait(301);
    const again = await late.run(EXPORT, asked);

    expect(refused.errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
    expect(again.errors).toEqual([]);
    const { rows } = await late.database.pool.query<{ left: string }>(
      "SELECT count(*) AS left FROM transfer WHERE tenant_id = $1",
      [late.tenantId],
    );
    expect(rows).toEqual([{ left: "1" }]);
  });
});

describe("A client that goes away", () => {
  it("frees what its export took", async () => {
    const long = "x".repeat(60_000);
    const { id } = await world.dataset({
      columns,
      rows: Array.from({ length: 200 }, () => ({ word: long })),
    });
    for (let count = 0; count < 6; count += 1) {
      const url = await promised(world, { datasetId: id });
      await abandoned(new URL(server.address), url);
    }

    expect((await (await get(await promised(world, { datasetId: id }))).text()).length).toBe(
      200 * 60_002 + 6,
    );
  });
});

/** Begins to fetch a URL, and goes away with the first byte. */
async function abandoned({ hostname, port }: URL, url: string): Promise<void> {
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.destroy();
}

const put = (url: string) => get(url, { method: "PUT", body: "word\nno\n" });
const aPromise = (asking: Asking = {}) => promisedImport(world, input, asking);

describe("The URL of an import", () => {
  it("takes a file once, also of many at the same time", async () => {
    const { url } = await aPromise();
    const statuses = await Promise.all(
      Array.from({ length: 4 }, async () => (await put(url)).status),
    );

    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await refusalOf(await put(url))).toEqual(gone);
  });

  it.each(["GET", "HEAD"])("is not there for %s, which leaves it", async (method) => {
    const { url } = await aPromise();
    const refused = await get(url, { method });

    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "PUT"]);
    expect((await put(url)).status).toBe(200);
  });

  it("leads nowhere when it is altered or expired", async () => {
    const { url } = await aPromise();

    expect(await refusalOf(await put(altered(url)))).toEqual(gone);
    world.wait(5 * 60 + 1);
    expect(await refusalOf(await put(url))).toEqual(gone);
  });

  it("leads nowhere when its key is revoked", async () => {
    const { id, secret: key } = await world.keyWithId({
      roles: [{ permissions: ["row::import"], canCreate: true }],
    });
    const { url } = await aPromise({ key });
    await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
      variables: { id },
    });

    expect(await refusalOf(await put(url))).toEqual(gone);
  });
});
