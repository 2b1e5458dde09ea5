import type pg from "pg";
import { createApp } from "../../src/app.ts";
import type { Database } from "../../src/db/database.ts";
import { createLog } from "../../src/http/log.ts";
import type { AnsweredError } from "./world.ts";

/** A database that tells what was sent to it. */
export interface WatchedDatabase extends Database {
  /** The statements since the last call, in order, but for those that begin and end a transaction
   * and for the record of a key's use, which is made now and then. */
  readonly take: () => string[];
  /** All statements since the last call of this or of the other. */
  readonly takeAll: () => string[];
}

/** Whether a statement only begins or ends a transaction. */
export function isFrame(statement: string): boolean {
  return /^(BEGIN|COMMIT|ROLLBACK)/.test(statement);
}

/** Whether a statement is the record of a key's use, which has a transaction of its own. */
export function isUse(statement: string): boolean {
  return statement.startsWith("UPDATE api_key SET last_used_at");
}

/** Watches the statements that are sent through a database; whoever shares it is not heard. */
export function watched(database: Database): WatchedDatabase {
  const sent: string[] = [];
  const heard = onStatements(database, (statement) => {
    sent.push(typeof statement === "string" ? statement : statement.text);
  });
  const takeAll = () => sent.splice(0);
  const take = () => takeAll().filter((text) => !isFrame(text) && !isUse(text));
  return { ...heard, take, takeAll };
}

/** Told of each statement before it is sent, with the connection that it is to be sent on. */
export type Hear = (statement: string | pg.QueryConfig, client: pg.PoolClient) => void;

/** The database with somebody who hears what is sent through it on connections. */
export function onStatements(database: Database, hear: Hear): Database {
  const pool = new Proxy(database.pool, {
    get: (target, name) =>
      name === "connect" ? async () => heardOn(await target.connect(), hear) : bound(target, name),
  });
  return { ...database, pool };
}

function heardOn(client: pg.PoolClient, hear: Hear): pg.PoolClient {
  return new Proxy(client, {
    get: (target, name) => {
      const value = bound(target, name);
      if (name !== "query" || typeof value !== "function") return value;
      return (...args: unknown[]) => {
        hear(args[0] as string | pg.QueryConfig, target);
        return value(...args) as unknown;
      };
    },
  });
}

function bound(thing: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(thing, name);
  return typeof value === "function" ? (value.bind(thing) as unknown) : value;
}

/**
 * Sends documents with one key to an API of its own over the database, and tells what they came back with and which
 * statements they took, frames included.
 *
 * @returns `change` may alter the body as it is sent: `1e400` is no value of JavaScript.
 */
export function sendingTo(home: Database, key: string) {
  const database = watched(home);
  const app = createApp({ database, log: createLog("silent") });
  return async (query: string, variables: object, change = (body: string) => body) => {
    const body = change(JSON.stringify({ query, variables }));
    database.takeAll();
    const headers = { "content-type": "application/json", "x-api-key": key };
    const response = await app.fetch(
      "http://fieldgate.test/graphql",
      { method: "POST", headers, body },
      { requestId: "test", trace: {} },
    );
    const { errors = [] } = (await response.json()) as { errors?: AnsweredError[] };
    return { errors, statements: database.takeAll() };
  };
}

/** Asks an API of its own over the database, and tells which statements the answer took. */
export function statementsOf(database: Database) {
  const heardDatabase = watched(database);
  const app = createApp({ database: heardDatabase, log: createLog("silent") });
  return async (query: string, key: string, variables?: Readonly<Record<string, unknown>>) => {
    heardDatabase.take();
    const response = await app.fetch(
      "http://fieldgate.test/graphql",
      {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": key },
        body: JSON.stringify({ query, variables }),
      },
      { requestId: "test", trace: {} },
    );
    const { errors } = (await response.json()) as { errors?: unknown };
    if (errors) throw new Error(`The document failed: ${JSON.stringify(errors)}`);
    return heardDatabase.take();
  };
}
