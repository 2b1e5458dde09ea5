import { rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { type DataFolder, DataFolderError, socketIn, takeDataFolder } from "./data-folder.ts";
import { InProcessSocket } from "./in-process-socket.ts";
import { Relay } from "./relay.ts";
import { Session } from "./session.ts";
import { listenAt, socketTo } from "./socket-path.ts";

/** How an embedded database behaves; every field has a default. */
export interface EmbeddedOptions {
  /** Milliseconds a statement may run before the database is restarted without it. 30,000. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds a client may hold a transaction open and ask for nothing. 10,000. */
  readonly idleInTransactionMs?: number;
  /** PostgreSQL's folder of a closed database (`<data folder>/pgdata`) that a new one copies. */
  readonly template?: string;
  /** Told why, when the database was restarted or does not open again. */
  readonly warn?: (reason: string) => void;
}

/** An open embedded database. */
export interface Embedded {
  /** A new connection in this process, for the `stream` option of `pg.Client` and `pg.Pool`. */
  readonly connect: () => Duplex;
  /** Cuts all clients, waits for the statement that runs, and lets go of thread, socket and lock. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the PostgreSQL that comes along (PGlite) in a thread of this process, for this process and,
 * through `<dataDir>/socket`, for others of the same user. {@link Relay} says how clients share it.
 *
 * It survives a kill of the process with everything it acknowledged, but not every power failure,
 * as PGlite does not flush to the disk. It never vacuums or analyzes by itself.
 *
 * @param dataDir made where there is none; its database too, which takes 3 s.
 * @throws DataFolderBusyError where another process has the folder open.
 * @throws DataFolderError where the folder cannot be used or its database does not open.
 */
export async function openEmbedded(
  dataDir: string,
  options: EmbeddedOptions = {},
): Promise<Embedded> {
  const folder = await takeDataFolder(dataDir);
  const relay = relayOver(folder.database, options);
  const server = createServer((socket) => relay.attach(socket));
  const close = once(async () => {
    await relay.close();
    await stop(server, folder);
  });
  try {
    // First the socket: it tells processes in other containers that the lock's holder lives.
    await listenAt(server, folder.socket);
    await relay.start();
  } catch (cause) {
    await close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The embedded database in ${folder.database} does not open: ${reason}. Put that right, restore a backup, or name another data folder (FIELDGATE_DATA_DIR).`;
    throw new DataFolderError(message, { cause });
  }
  return { connect: () => InProcessSocket.to((end) => relay.attach(end)), close };
}

/**
 * Opens a database in memory, for tests: with a template in 0.3 s. A statement that runs too long
 * loses all of it, and it begins anew.
 */
export async function openEmbeddedInMemory(options: EmbeddedOptions = {}): Promise<Embedded> {
  const relay = relayOver(undefined, options);
  await relay.start();
  return {
    connect: () => InProcessSocket.to((end) => relay.attach(end)),
    close: once(() => relay.close()),
  };
}

/**
 * Connections to the database that another process has open in `dataDir`, for the `stream` option
 * of `pg`. Where none has, connecting fails with ENOENT or ECONNREFUSED.
 */
export function reachEmbedded(dataDir: string): () => Duplex {
  const path = socketIn(dataDir);
  return () => socketTo(path);
}

function relayOver(folder: string | undefined, options: EmbeddedOptions): Relay {
  const { template, statementTimeoutMs = 30_000, idleInTransactionMs = 10_000 } = options;
  return new Relay({
    open: () => Session.open({ folder, template, statementTimeoutMs }),
    idleInTransactionMs,
    warn: options.warn ?? (() => {}),
  });
}

async function stop(server: Server, folder: DataFolder): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder.socket, { force: true });
  folder.release();
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
