/**
 * Serves Fieldgate as `npm start` does, in the environment that the bench gives it, and tells its parent
 * where, with the key that it is given, or that of a new tenant. What is timed uses the plain pool; a second
 * address answers over a pool that is listened to. Indexes are built beside it.
 */
import { createApp } from "../../src/app.ts";
import { parseConfig } from "../../src/config.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { Indexer } from "../../src/db/indexer.ts";
import { migrate } from "../../src/db/migrate.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { createLog } from "../../src/http/log.ts";
import { serve } from "../../src/http/server.ts";
import { createTransport } from "../../src/http/transport.ts";
import { isFrame, isUse, watched } from "../../test/support/statements.ts";
import { cpuProfiler } from "../profile/cpu-profiler.ts";
import { type FieldgateReady, type HeardCount, TENANT } from "./server-process.ts";

const config = parseConfig(process.env);
const log = createLog(config.logLevel);

async function listen(database: Database) {
  const app = createApp({ database, log });
  return await serve(createTransport(app, { log, ready: async () => true }), config);
}

const database = await openDatabase(config);
await migrate(database);
const key = process.argv[2] ?? (await createTenant(database, { slug: TENANT })).key;
const heard = watched(database);
const indexer = new Indexer({ database, log });
indexer.start();
const servers = [await listen(database), await listen(heard)] as const;

function countHeard(): HeardCount {
  const sent = heard.takeAll();
  const frames = sent.filter(isFrame).length;
  return { statements: sent.length, frames, hasUse: sent.some(isUse) };
}

const profiler = cpuProfiler();

/** What is answered to each message. */
const ANSWERS: Readonly<Record<string, () => unknown>> = {
  count: countHeard,
  "start profile": profiler.start,
  "stop profile": profiler.stop,
};

process.on("message", (message: string) => {
  void Promise.resolve(ANSWERS[message]?.()).then((answer) => process.send?.(answer ?? null));
});
process.once("disconnect", () => {
  const closed = Promise.all([indexer.stop(), ...servers.map((server) => server.close())]);
  void closed.then(() => database.close()).then(() => process.exit());
});

const [timed, listenedTo] = servers;
const ready: FieldgateReady = { address: timed.address, listenedTo: listenedTo.address, key };
process.send?.(ready);
