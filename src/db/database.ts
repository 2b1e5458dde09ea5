import pg from "pg";

/** How long one statement may run. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** How long one statement may wait for a lock. */
const LOCK_TIMEOUT_MS = 5_000;
/** How long a transaction may wait for its next statement. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** The database behind one pool: PostgreSQL, or the embedded one, which speaks the same protocol. */
export interface Database {
  readonly kind: "PostgreSQL" | "PGlite";
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens a pool of connections to PostgreSQL. Nothing is connected before the first statement.
 *
 * The server itself enforces the deadlines, so that a client that gives up leaves nothing half done.
 */
export function openPostgres(url: string, max = 10): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    options: [
      `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
      `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
      "-c timezone=UTC",
    ].join(" "),
  });
  return { kind: "PostgreSQL", pool: quiet(pool), close: () => pool.end() };
}

/** A pool whose idle connections may die without ending the process: the next one is made anew. */
export function quiet(pool: pg.Pool): pg.Pool {
  return pool.on("error", () => undefined);
}
