import type pg from "pg";
import type { Sql } from "sql-template-tag";
import type { Database } from "./database.ts";
import { RowBytesQuery, type TakeRow } from "./row-bytes/row-bytes-client.ts";

/** The PostgreSQL roles that a request can run under; each sees less than the one that owns the data. */
export type DatabaseRole =
  | "fieldgate_member"
  | "fieldgate_public"
  | "fieldgate_visualization"
  | "fieldgate_operator";

/** What a transaction may reach, and what it is for. */
export interface Reach {
  readonly role: DatabaseRole;
  /** Null: no tenant, and so none of anybody's rows. */
  readonly tenantId: string | null;
  /** `snapshot` reads one state of the database and changes nothing; `write` is READ COMMITTED. */
  readonly mode: "snapshot" | "write";
}

/** Sends a statement; fails once the transaction has ended. */
export type Send = <Row extends object>(statement: Statement) => Promise<pg.QueryResult<Row>>;

/**
 * A statement as the driver takes it. With `rowMode`, each row is answered as the list of its values. With a name,
 * which stands for one text alone, PostgreSQL keeps what it has made of it for the next time.
 */
export type Statement = pg.QueryConfig & { readonly rowMode?: "array" };

/** One transaction on one connection. Raw SQL and Prisma share it. */
export interface Transaction {
  readonly query: <Row extends object>(statement: Sql, name?: string) => Promise<Row[]>;
  /** Sends one statement as the driver takes it. Statements that come at once wait for each other. */
  readonly send: Send;
  /** Hands out the rows of a statement as bytes, each when it arrives. What `take` throws fails the statement. */
  readonly readRows: (statement: Sql, take: TakeRow) => Promise<void>;
}

/** A transaction that somebody has to end. Ending it a second time does nothing. */
export interface OpenTransaction extends Transaction {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

const MODES = {
  snapshot: "ISOLATION LEVEL REPEATABLE READ READ ONLY",
  write: "ISOLATION LEVEL READ COMMITTED",
} as const;

/**
 * The parts of a UNION ALL answer one after the other: pages of rows are read as such parts. Dates and moments are
 * written in one way, whatever the database is set to.
 */
const SETTINGS = [
  "SET LOCAL enable_parallel_append = off",
  "SET LOCAL datestyle = 'ISO, YMD'",
  "SET LOCAL timezone = 'UTC'",
].join("; ");

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Begins a transaction in which the connection has no more than `reach`.
 *
 * The pool's own login role is set aside before the first statement of anybody else is heard. Of a snapshot PostgreSQL
 * is sent both at once, and what the second finds counts only if the first succeeded; whoever writes waits for the first.
 * Nothing but the database may be awaited until it ends.
 *
 * @throws {TypeError} for a tenant that is not a UUID, since it becomes part of the SQL.
 */
export async function begin({ pool, kind }: Database, reach: Reach): Promise<OpenTransaction> {
  const { role, tenantId, mode } = reach;
  if (tenantId !== null && !UUID.test(tenantId)) throw new TypeError("The tenant is no UUID.");
  const client = await pool.connect();
  const begun = client.query(
    `BEGIN ${MODES[mode]}; SET LOCAL ROLE ${role}; SET LOCAL fieldgate.tenant = '${tenantId ?? ""}'; ${SETTINGS}`,
  );
  // The clients of the embedded database share one session, which knows a statement by one name for all of them.
  const isOwn = kind === "PostgreSQL";
  if (isOwn && mode === "snapshot") {
    // Whoever sends the first statement hears of it.
    begun.catch(() => undefined);
    return openTransaction(client, begun, isOwn);
  }
  try {
    await begun;
  } catch (error) {
    client.release(true);
    throw error;
  }
  return openTransaction(client, begun, isOwn);
}

function openTransaction(
  client: pg.PoolClient,
  begun: Promise<unknown>,
  isNaming: boolean,
): OpenTransaction {
  let isOpen = true;
  const inTurn = queue();
  const send: Send = <Row extends object>({ name, ...statement }: Statement) =>
    inTurn(async () => {
      if (!isOpen) throw new Error("The transaction has ended.");
      const named = isNaming && name !== undefined ? { ...statement, name } : statement;
      const [, result] = await Promise.all([begun, client.query<Row>(named)]);
      return result;
    });
  const end = (verb: "COMMIT" | "ROLLBACK") =>
    inTurn(async () => {
      if (!isOpen) return;
      isOpen = false;
      await finish(client, verb);
    });
  return {
    query: async <Row extends object>({ text, values }: Sql, name?: string) =>
      (await send<Row>({ text, values, ...(name !== undefined && { name }) })).rows,
    send,
    readRows: ({ text, values }, take) =>
      inTurn(async () => {
        if (!isOpen) throw new Error("The transaction has ended.");
        await Promise.all([begun, readRows(client, { text, values }, take)]);
      }),
    commit: () => end("COMMIT"),
    rollback: () => end("ROLLBACK").catch(() => undefined),
  };
}

async function readRows(
  client: pg.PoolClient,
  statement: pg.QueryConfig,
  take: TakeRow,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const done = (error?: Error) => (error ? reject(error) : resolve());
    client.query(new RowBytesQuery(statement, take, done));
  });
}

/** Gives the connection back to the pool, unless its transaction could not be ended. */
async function finish(client: pg.PoolClient, verb: "COMMIT" | "ROLLBACK"): Promise<void> {
  try {
    await client.query(verb);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Runs pieces of work one after the other, in the order in which they were handed in. */
function queue() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}

/**
 * Goes on in the same transaction as a member of one tenant, so that a tenant and what it begins with are
 * made together or not at all.
 *
 * @throws {TypeError} for a tenant that is not a UUID, since it becomes part of the SQL.
 */
export async function enterTenant(transaction: Transaction, tenantId: string): Promise<void> {
  if (!UUID.test(tenantId)) throw new TypeError("The tenant is no UUID.");
  await transaction.send({
    text: `SET LOCAL ROLE fieldgate_member; SET LOCAL fieldgate.tenant = '${tenantId}'`,
  });
}

/** Runs `work` in a transaction that commits when it succeeds and leaves nothing when it fails. */
export async function inTransaction<Result>(
  database: Database,
  reach: Reach,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const transaction = await begin(database, reach);
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}
