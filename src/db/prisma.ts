import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import type { Transaction } from "./transaction.ts";

export type { PrismaClient } from "./generated/client.ts";

/** Makes a Prisma client that speaks inside one transaction. */
export type PrismaFor = (transaction: Transaction) => PrismaClient;

/**
 * Prisma on the connections of requests: one engine, and for each transaction a client of its own.
 *
 * A Prisma promise is lazy and may be awaited anywhere. It runs on the transaction whose client made it,
 * and fails when that has ended; it never finds another connection, least of all one of the pool's own
 * login role.
 */
export function createPrisma(): PrismaFor {
  const current = new AsyncLocalStorage<Transaction>();
  const engine = new PrismaClient({ adapter: new PrismaPg(new RequestPool(current)) });
  return (transaction) =>
    engine.$extends({
      query: {
        $allOperations: ({ args, query }) =>
          current.run(transaction, async () => await query(args)),
      },
    }) as unknown as PrismaClient;
}

/** Looks like a pool to Prisma's adapter, and hands out the connection of the current transaction. */
class RequestPool extends pg.Pool {
  readonly #current: AsyncLocalStorage<Transaction>;

  constructor(current: AsyncLocalStorage<Transaction>) {
    super({ max: 0 });
    this.#current = current;
  }

  #connection(): pg.PoolClient {
    const transaction = this.#current.getStore();
    if (!transaction) throw new Error("Prisma was asked outside a transaction.");
    return transaction.connection();
  }

  override query = ((config: pg.QueryConfig) =>
    this.#connection().query(config)) as unknown as pg.Pool["query"];

  /** A transaction inside the request's own becomes a savepoint of it. */
  override connect = (() => Promise.resolve(savepoint(this.#connection()))) as pg.Pool["connect"];
}

const SAVEPOINTS: Readonly<Record<string, string>> = {
  BEGIN: "SAVEPOINT nested",
  COMMIT: "RELEASE SAVEPOINT nested",
  ROLLBACK: "ROLLBACK TO SAVEPOINT nested",
};

function savepoint(client: pg.PoolClient): pg.PoolClient {
  const nested = {
    query: (config: pg.QueryConfig) =>
      client.query({ ...config, text: SAVEPOINTS[config.text] ?? config.text }),
    on: () => nested,
    removeListener: () => nested,
    release: () => undefined,
  };
  return nested as unknown as pg.PoolClient;
}
