import type pg from "pg";
import type { Database } from "../../src/db/database.ts";

/** A database that tells how many statements were sent to it. */
export interface CountedDatabase extends Database {
  /** The texts of the statements since the last call, in order, without those that begin and end a transaction. */
  readonly take: () => string[];
}

const FRAME = /^(BEGIN|COMMIT|ROLLBACK)/;

/** Counts the statements that are sent through a database; whoever shares it is not counted. */
export function counted(database: Database): CountedDatabase {
  const sent: string[] = [];
  const pool = watched(database.pool, {
    connect: async () => watched(await database.pool.connect(), { query: record }),
  });
  return { ...database, pool, take: () => sent.splice(0) };

  function record(this: void, client: pg.PoolClient, ...args: unknown[]): unknown {
    const [statement] = args as [string | { text: string }];
    const text = typeof statement === "string" ? statement : statement.text;
    if (!FRAME.test(text)) sent.push(text);
    return (client.query as (...args: unknown[]) => unknown)(...args);
  }
}

type Replacements<Thing> = Record<string, (thing: Thing, ...args: unknown[]) => unknown>;

/** The same thing, with some of its methods replaced. */
function watched<Thing extends object>(thing: Thing, methods: Replacements<Thing>): Thing {
  return new Proxy(thing, {
    get(target, name) {
      const replaced = typeof name === "string" ? methods[name] : undefined;
      if (replaced) return (...args: unknown[]) => replaced(target, ...args);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
