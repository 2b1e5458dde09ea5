import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import process from "node:process";
import type { Place } from "../../test/app/cli/place.ts";
import type { Endpoint } from "../requests/endpoints.ts";
import { exchange } from "../requests/exchange.ts";
import { nativeTable } from "../requests/native-table.ts";
import { asked, type Order, orderColumns, REGION } from "../requests/orders.ts";
import type { Filling } from "../requests/scene.ts";
import { type Ready, withServer } from "../requests/server-process.ts";
import { CONNECTIONS, PEERS_NODE, SETTINGS } from "./installed.ts";

/** The tokens of the administrator, who sets it up, and of the reader, who is measured. */
const [ADMINISTRATOR, READER] = [randomUUID(), randomUUID()];

const ENVIRONMENT = {
  ...SETTINGS,
  DB_CLIENT: "pg",
  DB_POOL__MIN: "0",
  DB_POOL__MAX: CONNECTIONS,
  SECRET: randomUUID(),
  ADMIN_EMAIL: "administrator@example.com",
  ADMIN_PASSWORD: randomUUID(),
  ADMIN_TOKEN: ADMINISTRATOR,
  CACHE_ENABLED: "false",
  LOG_LEVEL: "silent",
  PRESSURE_LIMITER_ENABLED: "false",
  QUERY_LIMIT_MAX: "-1",
  RATE_LIMITER_ENABLED: "false",
  TELEMETRY: "false",
  WEBSOCKETS_ENABLED: "false",
};

/** Runs Directus over the same rows for as long as the work takes, without its cache. */
export async function withDirectus<Result>(
  { rows, say }: Filling,
  postgres: string,
  work: (endpoint: Endpoint) => Promise<Result>,
): Promise<Result> {
  say("filling Directus' table");
  const fill = nativeTable({ columns: orderColumns, rows, indexes: ["region, number"] });
  const serving = {
    program: "peers/directus-server.mjs",
    node: PEERS_NODE,
    env: (place: Place) => ({ ...ENVIRONMENT, DB_CONNECTION_STRING: place.env["DATABASE_URL"] }),
    postgres,
    prepare: async (place: Place) => {
      await fill(place);
      bootstrap(place);
    },
  };
  return await withServer<Ready, Result>(serving, async ({ ready: { address }, pid }) => {
    await restrict(address);
    return await work(endpointOf(address, pid));
  });
}

/** @throws {Error} with what Directus wrote. */
function bootstrap({ env, folder }: Place): void {
  const cli = fileURLToPath(new URL("node_modules/@directus/api/dist/cli/run.js", import.meta.url));
  const { status, stderr, stdout } = spawnSync(PEERS_NODE, [cli, "bootstrap"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...ENVIRONMENT, DB_CONNECTION_STRING: env["DATABASE_URL"] ?? "" },
  });
  if (status !== 0) throw new Error(`Directus does not start: ${stdout}${stderr}`);
}

/** Makes the reader, with a field list and an item rule. */
async function restrict(address: string): Promise<void> {
  const make = async (path: string, item: object): Promise<string> => {
    const { body } = await exchange({
      url: `${address}/${path}`,
      headers: { ...bearer(ADMINISTRATOR), "content-type": "application/json" },
      body: JSON.stringify(item),
    });
    return (JSON.parse(body.toString()) as { data: { id: string } }).data.id;
  };
  const policy = await make("policies", { name: "reader", app_access: false });
  await make("permissions", {
    policy,
    collection: "orders",
    action: "read",
    fields: asked,
    permissions: { region: { _eq: REGION } },
  });
  const role = await make("roles", { name: "reader" });
  await make("access", { role, policy });
  await make("users", { role, token: READER, email: "reader@example.com", status: "active" });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const query = `query Orders($first: Int!) {
  orders(limit: $first, sort: ["number"]) { ${asked.join(" ")} } }`;

const endpointOf = (address: string, pid: number): Endpoint => ({
  name: "directus",
  title: "Directus 11, field list and item rule",
  pid,
  request: (first) => ({
    url: `${address}/graphql`,
    headers: { ...bearer(READER), "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { first } }),
  }),
  rowsOf: (answer) => (JSON.parse(answer) as { data: { orders: readonly Order[] } }).data.orders,
});
