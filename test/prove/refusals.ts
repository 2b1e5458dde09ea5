import { Agent, request } from "node:http";
import process from "node:process";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { createApp } from "../../src/app.ts";
import type { Database } from "../../src/db/database.ts";
import { newUuid } from "../../src/db/id.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { createLog } from "../../src/http/log.ts";
import { serve } from "../../src/http/server.ts";
import { createTransport } from "../../src/http/transport.ts";
import { newKeyText } from "../../src/identity/key-text.ts";
import type { Place } from "../app/cli/place.ts";
import { everyPlace, withDatabase } from "./on-databases.ts";
import { alike, type Samples, table } from "./timing.ts";

/**
 * Presents keys that are refused, each for another reason, in turns, and looks whether the time that it takes tells
 * the reasons apart: `npm run prove:refusals -- --samples 10000`. A machine with other work on it is measured again.
 */
const { values } = parseArgs({ options: { samples: { type: "string", default: "10000" } } });
const samples = Number(values.samples);
const ATTEMPTS = 3;

/** Presents a key once. @returns How many milliseconds it took to be refused. */
type Present = (key: string) => Promise<number>;

/** One key for each reason to refuse it; the checksum of each is right. */
async function refusedKeys(
  database: Database,
  ask: Ask,
): Promise<Readonly<Record<string, string>>> {
  const { tenantId, keyId, key } = await createTenant(database, { slug: "refusals" });
  const { createRole } = await ask<{ createRole: { role: { id: string } } }>(
    key,
    `mutation { createRole(input: { name: "looker", permissions: ["viewer::get"] }) { role { id } } }`,
  );
  const made = async (expiresAt: Date | null) => {
    const input = { name: "refused", roleIds: [createRole.role.id], expiresAt };
    const { createKey } = await ask<{ createKey: { secret: string; key: { id: string } } }>(
      key,
      "mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret key { id } } }",
      { input },
    );
    return { text: createKey.secret, id: createKey.key.id };
  };
  const [revoked, expired] = [await made(null), await made(new Date(Date.now() + 1_000))];
  await ask(key, "mutation ($id: ID!) { revokeKey(input: { id: $id }) { __typename } }", {
    id: revoked.id,
  });
  return {
    unknown: newKeyText(tenantId, newUuid()).text,
    "of no tenant": newKeyText(newUuid(), newUuid()).text,
    "with another secret": newKeyText(tenantId, keyId).text,
    revoked: revoked.text,
    expired: expired.text,
  };
}

type Ask = <Data>(key: string, query: string, variables?: object) => Promise<Data>;

/** Serves the API of a database for as long as the work takes. */
async function withServer<Result>(
  database: Database,
  work: (present: Present, ask: Ask) => Promise<Result>,
): Promise<Result> {
  const log = createLog("silent");
  const app = createApp({ database, log });
  const transport = createTransport(app, { log, ready: async () => true });
  const server = await serve(transport, { host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = async (key: string, body: object) => {
    const headers = { "content-type": "application/json", "x-api-key": key };
    const sent = request(`${server.address}/graphql`, { method: "POST", headers, agent });
    sent.end(JSON.stringify(body));
    return await new Promise<{ status: number; answer: string }>((resolve, reject) => {
      sent.once("error", reject).once("response", (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, answer }),
          reject,
        );
      });
    });
  };
  try {
    return await work(
      async (key) => {
        const begun = performance.now();
        const { status } = await post(key, { query: "{ viewer { kind } }" });
        const taken = performance.now() - begun;
        if (status !== 401) throw new Error(`A key was not refused: ${status}`);
        return taken;
      },
      async <Data>(key: string, query: string, variables: object = {}) => {
        const { answer } = await post(key, { query, variables });
        const { data, errors } = JSON.parse(answer) as { data: Data; errors?: unknown };
        if (errors) throw new Error(answer);
        return data;
      },
    );
  } finally {
    agent.destroy();
    await server.close();
  }
}

/** Presents one after the other, in another order each time. */
async function inTurns(keys: Readonly<Record<string, string>>, present: Present): Promise<Samples> {
  const taken = new Map(Object.keys(keys).map((reason) => [reason, [] as number[]]));
  for (let round = -samples / 10; round < samples; round += 1) {
    const order = Object.entries(keys)
      .map((entry) => ({ entry, place: Math.random() }))
      .toSorted((one, other) => one.place - other.place);
    for (const { entry } of order) {
      const [reason, key] = entry;
      // oxlint-disable-next-line no-await-in-loop
      const ms = await present(key);
      // What comes first warms up.
      if (round >= 0) taken.get(reason)?.push(ms);
    }
  }
  return taken;
}

async function proveOn(place: Place): Promise<boolean> {
  return await withDatabase(place, (database) =>
    withServer(database, async (present, ask) => {
      const keys = await refusedKeys(database, ask);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        // oxlint-disable-next-line no-await-in-loop
        const taken = await inTurns(keys, present);
        process.stdout.write(`${place.kind}, attempt ${attempt}\n${table(taken)}\n`);
        if (alike(taken)) return true;
      }
      return false;
    }),
  );
}

const proved: boolean[] = [];
for (const place of await everyPlace()) proved.push(await proveOn(place));
process.exitCode = proved.every(Boolean) ? 0 : 1;
