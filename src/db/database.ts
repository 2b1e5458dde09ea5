import type { Duplex } from "node:stream";
import pg from "pg";
import { DataFolderBusyError } from "./embedded/data-folder.ts";
import { RowBytesClient } from "./row-bytes/row-bytes-client.ts";
import { type EmbeddedOptions, openEmbedded, reachEmbedded } from "./embedded/embedded-database.ts";

/** How long one statement may run. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How long one statement may wait for a lock. */
const LOCK_TIMEOUT_MS = 5_000;
/** How long a transaction may wait for its next statement. */
const IDLE_IN_TRANSACTION_MS = 10_000;
/** How long a connection may take to come about. */
const CONNECTION_TIMEOUT_MS = 10_000;
/** How long a connection is kept for the next request: a new one takes some 15 ms longer to answer. */
const IDLE_MS = 60_000;
/** How long a connection lasts: it keeps what it has seen of the catalogue, 40 MB after 1,000 datasets. */
const LIFETIME_S = 600;

/** The database behind one pool: PostgreSQL, or the embedded one, which speaks the same protocol. */
export interface Database {
  readonly kind: "PostgreSQL" | "PGlite";
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/** Where the database is. */
export interface DatabasePlace {
  /** Null: the embedded database in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

/**
 * Opens the database for a server, which holds the embedded one for itself.
 *
 * @throws DataFolderBusyError, DataFolderError where the folder of the embedded database is held by
 *   another process or cannot be used.
 */
export async function openDatabase(
  { databaseUrl, dataDir }: DatabasePlace,
  options: EmbeddedOptions = {},
): Promise<Database> {
  if (databaseUrl !== null) return openPostgres(databaseUrl);
  const embedded = await openEmbedded(dataDir, options);
  return overStreams(() => embedded.connect(), embedded.close);
}

/** Opens the database for a command: through the server that holds the embedded one, where one does. */
export async function reachDatabase(place: DatabasePlace): Promise<Database> {
  try {
    return await openDatabase(place);
  } catch (error) {
    if (!(error instanceof DataFolderBusyError)) throw error;
    return overStreams(reachEmbedded(place.dataDir), () => Promise.resolve());
  }
}

/**
 * A pool of connections to PostgreSQL. Nothing is connected before the first statement.
 *
 * The server itself enforces the deadlines, so that a client that gives up leaves nothing half done.
 */
export function openPostgres(url: string, max = 10): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: LIFETIME_S,
    Client: RowBytesClient,
    // What begins a transaction and what is asked first go together; see `begin`.
    pipeline: true,
    options: [
      `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
      `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
      "-c timezone=UTC",
      // Statements are compiled anew each time: a wide one for longer than it runs.
      "-c jit=off",
      // By default a row is taken to cost less by way of an index than it does, and a filter that some row of each page
      // matches to be answered sooner so than from one page after the other; see docs/decisions/017-costs.md.
      "-c cpu_index_tuple_cost=0.03",
    ].join(" "),
  });
  return { kind: "PostgreSQL", pool: quiet(pool), close: () => pool.end() };
}

/** A pool over streams that speak PostgreSQL's protocol; what is behind them is closed after it. */
export function overStreams(connect: () => Duplex, close: () => Promise<void>): Database {
  const pool = new pg.Pool({
    stream: connect,
    Client: RowBytesClient,
    user: "postgres",
    database: "postgres",
    max: 4,
  });
  return {
    kind: "PGlite",
    pool: quiet(pool),
    close: async () => {
      await pool.end();
      await close();
    },
  };
}

/**
 * A pool whose connections may die without ending the process, idle or between two statements of a
 * transaction: the next statement fails, and the next connection is made anew.
 */
function quiet(pool: pg.Pool): pg.Pool {
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool.on("error", () => undefined);
}
