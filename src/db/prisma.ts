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

  override query = ((statement: pg.QueryConfig) => {
    const transaction = this.#current.getStore();
    if (!transaction) throw new Error("Prisma was asked outside a transaction.");
    return transaction.send(statement);
  }) as unknown as pg.Pool["query"];

  /** Prisma asks for a connection to begin a transaction, and here there is one already. */
  override connect = (() =>
    Promise.reject(
      new Error("Prisma was asked for several statements at once. Write them one by one."),
    )) as pg.Pool["connect"];
}
