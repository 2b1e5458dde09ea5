import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { createApp } from "../app.ts";
import { LOOKING } from "../authz/role.ts";
import type { Config } from "../config.ts";
import type { Database } from "../db/database.ts";
import { importDataset } from "../domain/import/import-dataset.ts";
import { createTenant } from "../domain/tenant/create-tenant.ts";
import { deleteTenant } from "../domain/tenant/delete-tenant.ts";
import { tenants } from "./tenant.ts";

/** What the demo needs. */
export interface DemoParts {
  readonly config: Config;
  readonly database: Database;
  readonly app: ReturnType<typeof createApp>;
  readonly endpoint: string;
}

const TENANT = "demo";

/** The files that the demo is made of, from the package vega-datasets. */
const FILES = [
  { file: "movies.json", name: "movies", label: "Movies" },
  { file: "airports.csv", name: "airports", label: "Airports of the United States" },
] as const;

/** The columns of movies that the analyst does not see. */
const MONEY = new Set(["us_gross", "worldwide_gross", "us_dvd_sales", "production_budget"]);

const FIRST_QUERY = `{ dataset(name: "movies") { columns { name } rows(first: 3) { nodes { values } } } }`;

/** The keys of the demo, as they stand in `demo-keys.json`. */
interface DemoKeys {
  readonly administrator: string;
  readonly analyst: string;
}

/**
 * Makes the demo tenant in a database without tenants: always in the embedded one, elsewhere when the
 * environment asks for it. One that was cut short is made anew.
 */
export async function demoIfWanted(parts: DemoParts): Promise<void> {
  const { config, database, endpoint } = parts;
  const isWanted = config.demo ?? database.kind === "PGlite";
  if (!isWanted) return;
  const unfinished = join(config.dataDir, "demo.unfinished");
  await clearUnfinished(database, unfinished);
  if ((await tenants(database)).length > 0) return;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await writeFile(unfinished, "The demo tenant is being made.\n", { mode: 0o600 });
  const keys = await makeDemo(parts);
  const path = join(config.dataDir, "demo-keys.json");
  const content = JSON.stringify({ tenant: TENANT, endpoint, keys }, null, 2);
  await writeFile(path, `${content}\n`, { mode: 0o600 });
  await rm(unfinished);
  process.stdout.write(welcome(keys, endpoint, path));
}

async function clearUnfinished(database: Database, marker: string): Promise<void> {
  if (!existsSync(marker)) return;
  await deleteTenant(database, TENANT);
  await rm(marker);
}

async function makeDemo({ database, app }: DemoParts): Promise<DemoKeys> {
  const tenant = await createTenant(database, { slug: TENANT, label: "Demo" });
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  for (const { file, name, label } of FILES) {
    await importDataset(database, {
      tenantId: tenant.tenantId,
      path: join(dirname(entry), "..", "data", file),
      name,
      label,
      stamp: { by: "operator", at: new Date() },
    });
  }
  return { administrator: tenant.key, analyst: await analystKey(app, tenant.key) };
}

/** Makes the analyst and its key as any administrator would: through the API. */
async function analystKey(app: DemoParts["app"], administrator: string): Promise<string> {
  const ask = <Data>(query: string, variables: object) =>
    askApi<Data>(app, administrator, { query, variables });
  const { dataset } = await ask<{ dataset: { id: string; columns: NamedColumn[] } }>(
    `{ dataset(name: "movies") { id columns { id name } } }`,
    {},
  );
  const made = await ask<{ createRole: { role: { id: string } } }>(
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input: { name: "analyst", canRead: true, permissions: LOOKING } },
  );
  const roleId = made.createRole.role.id;
  for (const { id: columnId } of dataset.columns.filter(({ name }) => MONEY.has(name))) {
    await ask(`mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`, {
      input: { roleId, datasetId: dataset.id, columnId, read: "WITHHOLD" },
    });
  }
  const { createKey } = await ask<{ createKey: { secret: string } }>(
    `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`,
    { input: { name: "analyst", roleIds: [roleId] } },
  );
  return createKey.secret;
}

interface NamedColumn {
  readonly id: string;
  readonly name: string;
}

async function askApi<Data>(app: DemoParts["app"], key: string, body: object): Promise<Data> {
  const response = await app.fetch(
    "http://localhost/graphql",
    {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify(body),
    },
    { requestId: "demo", trace: {} },
  );
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (!data || errors) throw new Error(`The demo could not be made: ${JSON.stringify(errors)}`);
  return data;
}

function welcome(keys: DemoKeys, endpoint: string, path: string): string {
  const body = JSON.stringify({ query: FIRST_QUERY });
  return `
The demo tenant is ready. Its keys, also in ${path}:

  administrator  ${keys.administrator}
  analyst        ${keys.analyst}

The same query with each key; the analyst does not see the money columns:

  curl -s ${endpoint} -H 'content-type: application/json' -H 'x-api-key: ${keys.administrator}' -d '${body}'
  curl -s ${endpoint} -H 'content-type: application/json' -H 'x-api-key: ${keys.analyst}' -d '${body}'

Or open ${endpoint} in a browser and put {"x-api-key": "…"} under Headers.

`;
}
