import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { createApp } from "../../app.ts";
import { OPERATOR_SIGNATURE } from "../../authz/principal.ts";
import { LOOKING } from "../../authz/role.ts";
import type { Config } from "../../config.ts";
import type { Database } from "../../db/database.ts";
import { importDataset } from "../../domain/import/import-dataset.ts";
import { createTenant } from "../../domain/tenant/create-tenant.ts";
import { deleteTenant } from "../../domain/tenant/delete-tenant.ts";
import { tenants } from "../tenant.ts";

/** What the demo needs. */
export interface DemoParts {
  readonly config: Config;
  readonly database: Database;
  readonly app: ReturnType<typeof createApp>;
}

const TENANT = "demo";
const LABEL = "Demo";
/** What the tenant is called while it is being made. One that still is was cut short. */
const UNFINISHED = "Demo, unfinished";

/** The advisory lock of whoever makes the demo; an embedded database has one server anyway. */
const LOCK = 7_241_954;

/** The files that the demo is made of, from the package vega-datasets. */
const FILES = [
  { file: "movies.json", name: "movies", label: "Movies" },
  { file: "airports.csv", name: "airports", label: "Airports of the United States" },
] as const;

/** The columns of movies that the analyst does not see. */
const MONEY = new Set(["us_gross", "worldwide_gross", "us_dvd_sales", "production_budget"]);

const FIRST_QUERY = `{ dataset(name: "movies") { columns { name } rows(first: 3) { nodes { values } } } }`;

/** The file `demo-keys.json` of the data folder. */
interface DemoFile {
  readonly tenant: string;
  /** Where the server listens, or last did; null: it has not yet, and nobody has been told of the demo. */
  readonly endpoint: string | null;
  readonly keys: { readonly administrator: string; readonly analyst: string };
}

/**
 * Makes the demo tenant in a database without tenants: always in the embedded one, elsewhere when the
 * environment asks for it. One that was cut short is made anew, and one that another server is making is
 * left to it.
 */
export async function demoIfWanted(parts: DemoParts): Promise<void> {
  const { config, database } = parts;
  if (!isWanted(config, database)) return;
  const client = await database.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_lock(${LOCK}) AS mine`,
    );
    if (rows[0]?.mine) await makeIfNone(parts);
  } finally {
    // The session is closed, and with it goes its lock.
    client.release(true);
  }
}

function isWanted(config: Config, database: Database): boolean {
  return config.demo ?? database.kind === "PGlite";
}

async function makeIfNone({ config, database, app }: DemoParts): Promise<void> {
  const known = await tenants(database);
  const isUnfinished = known.some(({ slug, label }) => slug === TENANT && label === UNFINISHED);
  if (isUnfinished) await deleteTenant(database, TENANT);
  if (known.length > (isUnfinished ? 1 : 0)) return;
  const keys = await makeDemo(database, app);
  await keepPrevious(config.dataDir);
  await writeDemoFile(config.dataDir, { tenant: TENANT, endpoint: null, keys });
  await askApi(app, keys.administrator, {
    query: `mutation ($label: String!) { updateTenant(input: { label: $label }) { tenant { id } } }`,
    variables: { label: LABEL },
  });
}

/** Says how to begin, the first time that the server listens, and puts into the file where it does. */
export async function announceDemo(
  { config, database }: DemoParts,
  endpoint: string,
): Promise<void> {
  if (!isWanted(config, database)) return;
  const { dataDir } = config;
  const demo = await readDemoFile(dataDir);
  if (!demo || demo.endpoint === endpoint) return;
  await writeDemoFile(dataDir, { ...demo, endpoint });
  if (demo.endpoint === null) process.stdout.write(welcome(demo.keys, endpoint, pathIn(dataDir)));
}

function pathIn(dataDir: string): string {
  return join(dataDir, "demo-keys.json");
}

/** Null where there is none, or none of ours. */
async function readDemoFile(dataDir: string): Promise<DemoFile | null> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), "utf8")) as DemoFile;
  } catch {
    return null;
  }
}

/** The keys of a demo in another database are shown nowhere else. */
async function keepPrevious(dataDir: string): Promise<void> {
  const path = pathIn(dataDir);
  await rename(path, join(dataDir, "demo-keys.previous.json")).catch(() => undefined);
}

/** Replaces the file as a whole, whatever it was and whoever could read it. */
async function writeDemoFile(dataDir: string, demo: DemoFile): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${pathIn(dataDir)}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, pathIn(dataDir));
}

async function makeDemo(database: Database, app: DemoParts["app"]): Promise<DemoFile["keys"]> {
  const tenant = await createTenant(database, { slug: TENANT, label: UNFINISHED });
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  for (const { file, name, label } of FILES) {
    await importDataset(database, {
      tenantId: tenant.tenantId,
      path: join(dirname(entry), "..", "data", file),
      name,
      label,
      stamp: { by: OPERATOR_SIGNATURE, at: new Date() },
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

function welcome(keys: DemoFile["keys"], endpoint: string, path: string): string {
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
