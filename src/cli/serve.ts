import type { Logger } from "pino";
import { createApp } from "../app.ts";
import { type Config, parseConfig } from "../config.ts";
import { checkServer } from "../db/check-server.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { Indexer } from "../db/indexer.ts";
import { migrate } from "../db/migrate.ts";
import { Journal } from "../events/journal.ts";
import { Sealer } from "../events/sealer.ts";
import { createLog } from "../http/log.ts";
import { type HttpServer, requirePlace, serve } from "../http/server.ts";
import { OutsideVerifier } from "../identity/jwt/outside-verifier.ts";
import { createTransport } from "../http/transport.ts";
import { createTransfers } from "../transfers/create-transfers.ts";
import { announceDemo, demoIfWanted } from "./demo/demo.ts";
import { demoTabs } from "./demo/demo-tabs.ts";
import { Courier, type Send } from "../identity/message/courier.ts";
import { sendToHook, spokenMessage } from "../identity/message/identity-hook.ts";
import type { IdentityMessage } from "../identity/message/identity-message.ts";
import { print } from "./print.ts";
import { environment } from "./environment.ts";
import { eventKeyFor } from "./event-key.ts";
import { fail } from "./known-error.ts";

/** Starts the server, and stops it on SIGTERM or SIGINT. What cannot start says why and exits. */
export async function startServer(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const config = parseConfig(environment(env));
    const log = createLog(config.logLevel);
    const database = await openDatabase(config, { warn: (reason) => log.warn(reason) });
    await run(config, database, log).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
  } catch (error) {
    fail(error);
  }
}

async function run(config: Config, database: Database, log: Logger): Promise<void> {
  const warning = await checkServer(database);
  if (warning !== null) log.warn(warning);
  const applied = await migrate(database);
  if (applied.length > 0) log.info({ applied }, "migrated");
  const eventKey = await eventKeyFor(config);
  const journal = new Journal({ database, log, now: () => new Date() });
  const sealer = new Sealer({ database, log, key: eventKey });
  const indexer = new Indexer({ database, log });
  const courier = new Courier(sendFor(config, database, log), log);
  const deliver = (message: IdentityMessage) => courier.deliver(message);
  const verifier = verifierFor(config);
  const app = createApp({ database, log, eventKey, journal, deliver, verifier, proofs: config });
  // The demo takes a while: that there is no place to listen is known before.
  await requirePlace(config);
  await demoIfWanted({ config, database, log });
  const transport = createTransport(app, {
    log,
    ready: () => isReady(database),
    transfers: createTransfers({ database, log, journal }),
    corsOrigins: config.corsOrigins,
    ...(await demoTabs({ config, database })),
  });
  const server = await serve(transport, config);
  sealer.start();
  indexer.start();
  const stopping = {
    close: async () => {
      await indexer.stop();
      await stopEvents(server, journal, sealer);
      await courier.close();
    },
  };
  stopOnSignal(stopping, database, log);
  const { address } = server;
  await announceDemo({ config, database }, `${address}/graphql`).catch(async (error: unknown) => {
    await stopping.close();
    throw error;
  });
  log.info({ address, database: database.kind }, "listening");
}

function verifierFor({ allowPrivateAddresses }: Config): OutsideVerifier {
  return new OutsideVerifier({ now: () => new Date(), allowPrivate: allowPrivateAddresses });
}

/** How messages to users are sent; whoever develops reads them on standard output. */
function sendFor({ identityHook }: Config, { kind }: Database, log: Logger): Send {
  if (identityHook) return sendToHook(identityHook);
  if (kind !== "PostgreSQL") return async (message) => print(`${spokenMessage(message)}\n`);
  log.info("Messages to users, such as resets, are not sent: set FIELDGATE_IDENTITY_HOOK_URL.");
  return async ({ kind: what, userId }) =>
    log.warn(
      { kind: what, userId },
      "A message to a user was not sent: set FIELDGATE_IDENTITY_HOOK_URL.",
    );
}

async function isReady({ pool }: Database): Promise<boolean> {
  return await pool.query("SELECT 1").then(
    () => true,
    () => false,
  );
}

/** What the last requests left to be written is written; what is not sealed yet is after the next start. */
async function stopEvents(server: HttpServer, journal: Journal, sealer: Sealer): Promise<void> {
  await server.close();
  await journal.close();
  await sealer.stop();
}

function stopOnSignal(server: Pick<HttpServer, "close">, database: Database, log: Logger): void {
  const stop = (signal: NodeJS.Signals) => {
    log.info({ signal }, "stopping");
    server
      .close()
      .then(() => database.close())
      .catch(fail);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
