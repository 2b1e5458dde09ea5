import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { OPERATOR_SIGNATURE } from "../../authz/principal.ts";
import type { Config } from "../../config.ts";
import type { Database } from "../../db/database.ts";
import { importDataset } from "../../domain/import/import-dataset.ts";
import { createTenant } from "../../domain/tenant/create-tenant.ts";
import { deleteTenant } from "../../domain/tenant/delete-tenant.ts";
import type { Log } from "../../http/log.ts";
import { asOperator } from "../as-operator.ts";
import { tenants } from "../tenant.ts";
import { DEMO_DATASETS } from "./demo-data.ts";
import { demoFilePath, keepPreviousDemoFile, readDemoFile, writeDemoFile } from "./demo-file.ts";
import { labelDemo, makeDemoKeys } from "./demo-keys.ts";
import { welcome, welcomeBack } from "./welcome.ts";
import { ADVISORY_LOCKS } from "../../db/advisory-locks.ts";

/** What the demo needs. */
export interface DemoParts {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
}

const DEMO_TENANT = "demo";
const LABEL = "Demo";
/** What the tenant is called while it is being made. One that still is was cut short. */
const UNFINISHED = "Demo, unfinished";

/**
 * Makes the demo tenant in a database without tenants: always in the embedded one, elsewhere when the
 * environment asks for it. One that was cut short is made anew, and one that another server is making is
 * left to it.
 */
export async function demoIfWanted(parts: DemoParts): Promise<void> {
  const { database } = parts;
  if (!isDemoWanted(parts)) return;
  const client = await database.pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>(
      `SELECT pg_try_advisory_lock(${ADVISORY_LOCKS.demo}) AS mine`,
    );
    if (rows[0]?.mine) await makeIfNone(parts);
  } finally {
    // The session is closed, and with it goes its lock.
    client.release(true);
  }
}

/** Whether a tenant is the demo, and whole. */
export function isDemo({
  slug,
  label,
}: {
  readonly slug: string;
  readonly label: string;
}): boolean {
  return slug === DEMO_TENANT && label === LABEL;
}

/** Whether the demo is made where there is no tenant yet. */
export function isDemoWanted({
  config,
  database,
}: Pick<DemoParts, "config" | "database">): boolean {
  return config.demo ?? database.kind === "PGlite";
}

async function makeIfNone(parts: DemoParts): Promise<void> {
  const { config, database, log } = parts;
  const known = await tenants(database);
  const isUnfinished = known.some(
    ({ slug, label }) => slug === DEMO_TENANT && label === UNFINISHED,
  );
  if (isUnfinished) await deleteTenant(database, DEMO_TENANT);
  if (known.length > (isUnfinished ? 1 : 0)) return;
  log.info("making the demo, which takes some ten seconds or more");
  const { tenantId, key: administrator } = await createTenant(database, {
    slug: DEMO_TENANT,
    label: UNFINISHED,
  });
  await importDatasets(parts, tenantId);
  const ask = asOperator(database, tenantId);
  const keys = { administrator, ...(await makeDemoKeys(ask)) };
  await keepPreviousDemoFile(config.dataDir);
  await writeDemoFile(config.dataDir, { tenant: DEMO_TENANT, endpoint: null, keys });
  await labelDemo(ask, LABEL);
}

/** Says how to begin, the first time that the server listens, and puts into the file where it does. */
export async function announceDemo(
  parts: Pick<DemoParts, "config" | "database">,
  endpoint: string,
): Promise<void> {
  if (!isDemoWanted(parts)) return;
  const { dataDir } = parts.config;
  const demo = await readDemoFile(dataDir);
  if (!demo) return;
  await writeDemoFile(dataDir, { ...demo, endpoint });
  if (demo.endpoint === null) {
    process.stdout.write(welcome({ keys: demo.keys, endpoint, path: demoFilePath(dataDir) }));
  } else process.stdout.write(welcomeBack({ endpoint, path: demoFilePath(dataDir) }));
}

async function importDatasets({ database, log }: DemoParts, tenantId: string): Promise<void> {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  for (const { file, key = [], ...dataset } of DEMO_DATASETS) {
    const { rows } = await importDataset(database, {
      ...dataset,
      tenantId,
      path: join(dirname(entry), "..", "data", file),
      choices: { key },
      stamp: { by: OPERATOR_SIGNATURE, at: new Date() },
    });
    log.info({ dataset: dataset.name, rows }, "made a dataset of the demo");
  }
}
