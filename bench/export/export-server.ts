/**
 * Serves Fieldgate over one dataset of many rows, as `npm start` does, and answers whatever message comes with
 * how much memory it took since the last: the most that was resident, and what is left after a collection.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { Journal } from "../../src/events/journal.ts";
import { createLog } from "../../src/http/log.ts";
import { serve } from "../../src/http/server.ts";
import { createTransport } from "../../src/http/transport.ts";
import { createTransfers } from "../../src/transfers/create-transfers.ts";
import { asking } from "../requests/api.ts";
import { manyRows } from "./many-rows.ts";
import type { ExportReady, Memory } from "./report.ts";

const config = parseConfig(process.env);
const log = createLog(config.logLevel);
const database = await openDatabase(config);
await migrate(database);
const { key } = await createTenant(database, { slug: "bench" });
const journal = new Journal({ database, log, now: () => new Date() });
const server = await serve(
  createTransport(createApp({ database, log, journal }), {
    log,
    ready: async () => true,
    transfers: createTransfers({ database, log, journal }),
  }),
  config,
);
const { address } = server;
const datasetId = await manyRows(database, asking(address, key), Number(process.argv[2]));

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
let mostResident = 0;
setInterval(() => {
  mostResident = Math.max(mostResident, process.memoryUsage.rss());
}, 10).unref();

process.on("message", () => {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  const memory: Memory = {
    mostResident: Math.max(mostResident, rss),
    kept: heapUsed + external,
  };
  mostResident = 0;
  process.send?.(memory);
});
process.once("disconnect", () => {
  void server
    .close()
    .then(() => database.close())
    .then(() => process.exit());
});
const ready: ExportReady = { address, key, datasetId };
process.send?.(ready);
