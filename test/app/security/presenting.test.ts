import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../../src/app.ts";
import { newUuid } from "../../../src/db/id.ts";
import { createLog } from "../../../src/http/log.ts";
import { type HttpServer, serve } from "../../../src/http/server.ts";
import { createTransport } from "../../../src/http/transport.ts";
import { newKeyText } from "../../../src/identity/secret/key-text.ts";
import { aWorld, type World } from "../../support/world.ts";

let world: World;
let server: HttpServer;
let other: string;

beforeAll(async () => {
  world = await aWorld();
  other = await world.key({ roles: [{ permissions: ["viewer::get"] }] });
  const log = createLog("silent");
  const app = createApp({ database: world.database, log });
  const transport = createTransport(app, { log, ready: async () => true });
  server = await serve(transport, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.close();
  await world.database.close();
});

const ALWAYS = [
  ["host", "fieldgate.test"],
  ["content-type", "application/json"],
  ["x-request-id", "the-same"],
].flat();

/** Sends headers exactly as listed, names and values in turn, the same name as often as it stands there. */
function post(
  headers: readonly string[],
): Promise<{ status: number; text: string; asks: string | undefined }> {
  const body = JSON.stringify({ query: "{ viewer { kind } }" });
  return new Promise((resolve, reject) => {
    const asked = request(`${server.address}/graphql`, {
      method: "POST",
      headers: [...ALWAYS, "content-length", String(body.length), ...headers],
    });
    asked.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        const asks = response.headers["www-authenticate"];
        resolve({ status: response.statusCode ?? 0, text, asks });
      });
    });
    asked.end(body);
  });
}

test("one credential is heard, by either header and whatever the case of its scheme", async () => {
  for (const headers of [
    ["authorization", `Bearer ${world.admin}`],
    ["Authorization", `bearer   ${world.admin}`],
    ["X-API-Key", world.admin],
  ]) {
    expect(await post(headers)).toStrictEqual({
      status: 200,
      text: '{"data":{"viewer":{"kind":"KEY"}}}',
      asks: undefined,
    });
  }
});

test("more than one credential is refused, also twice the same, in one header or in two", async () => {
  const [one, two] = [world.admin, other];
  const refused = await post(["x-api-key", "fgk_nonsense"]);
  expect(refused.status).toBe(401);
  expect(refused.asks).toMatch(/^Bearer, DPoP algs="ES256 /);
  for (const headers of [
    ["authorization", `Bearer ${one}`, "x-api-key", one],
    ["authorization", `Bearer ${one}`, "x-api-key", two],
    ["authorization", `Bearer ${one}`, "authorization", `Bearer ${two}`],
    ["authorization", `Bearer ${one}`, "authorization", `Bearer ${one}`],
    ["authorization", `Bearer ${one}, Bearer ${two}`],
    ["authorization", `Bearer ${one} ${two}`],
    ["x-api-key", one, "x-api-key", two],
    ["x-api-key", one, "x-api-key", one],
    ["x-api-key", `${one},${two}`],
    ["x-api-key", one, "authorization", ""],
    ["x-api-key", one, "authorization", "Basic eDp5"],
  ]) {
    expect(await post(headers)).toStrictEqual(refused);
  }
});

test("what cannot be a credential is refused and not taken for the public", async () => {
  const refused = await post(["x-api-key", "fgk_nonsense"]);
  const scheme = `Bearer ${world.admin}`;
  for (const headers of [
    ["authorization", ""],
    ["x-api-key", ""],
    ["authorization", "Bearer"],
    ["authorization", "Bearer "],
    ["authorization", world.admin],
    ["authorization", `Bearer:${world.admin}`],
    ["authorization", `Bearer\t${world.admin}`],
    ["authorization", `Token ${world.admin}`],
    ["authorization", `DPoP ${world.admin}`],
    ["authorization", `"${scheme}"`],
    ["authorization", `${scheme};`],
    ["authorization", `Bearer "${world.admin}"`],
    ["x-api-key", `Bearer ${world.admin}`],
    ["x-api-key", world.admin.toLowerCase()],
    ["x-api-key", world.admin.slice(0, -1)],
    ["x-api-key", `${world.admin}0`],
    ["x-api-key", `${world.admin}é`],
  ]) {
    expect(await post(headers)).toStrictEqual(refused);
  }
});

test("a key in a cookie is nobody's", async () => {
  const { text } = await post(["cookie", `x-api-key=${world.admin}; authorization=${world.admin}`]);
  expect(text).not.toContain("KEY");
});

test("a tenant header that contradicts the key is refused, and one that agrees changes nothing", async () => {
  const stranger = await aWorld();
  const refused = await post(["x-api-key", "fgk_nonsense"]);
  const key = ["x-api-key", world.admin];
  expect((await post([...key, "x-fieldgate-tenant", world.slug])).status).toBe(200);
  for (const headers of [
    ["x-fieldgate-tenant", stranger.slug],
    ["x-fieldgate-tenant", "no_such_tenant"],
    ["x-fieldgate-tenant", ""],
    ["x-fieldgate-tenant", world.slug.toUpperCase()],
    ["x-fieldgate-tenant", world.slug, "x-fieldgate-tenant", stranger.slug],
    ["x-fieldgate-tenant", stranger.slug, "x-fieldgate-tenant", world.slug],
    ["x-fieldgate-tenant", world.slug, "x-fieldgate-tenant", world.slug],
  ]) {
    expect(await post([...key, ...headers])).toStrictEqual(refused);
  }
});

test("what is refused is answered on a beat, however soon it was known", async () => {
  const tail = world.admin.slice("fgk_".length);
  const refused = [
    "fgk_none",
    `fgk_${tail.slice(1)}${tail[0]}`,
    newKeyText(newUuid(), newUuid()).text,
  ];
  for (const key of refused) {
    const begun = performance.now();
    // oxlint-disable-next-line no-await-in-loop
    expect((await post(["x-api-key", key])).status).toBe(401);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(20);
  }
});
