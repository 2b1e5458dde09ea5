import { PGlite } from "@electric-sql/pglite";
import { Client } from "pg";
import { tenant } from "./ids.ts";

/** One connection; every value comes back as the text that PostgreSQL sent. */
export interface Session {
  script(sql: string): Promise<void>;
  rows(sql: string, values?: readonly string[]): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

const asSent = { getTypeParser: () => (value: string) => value };

/** Connects to a PostgreSQL server. */
export async function connect(connectionString: string): Promise<Session> {
  const client = new Client({ connectionString });
  await client.connect();
  return {
    script: async (sql) => {
      await client.query(sql);
    },
    rows: async (text, values = []) => {
      const query = { text, values: [...values], rowMode: "array" as const, types: asSent };
      return (await client.query<unknown[]>(query)).rows;
    },
    close: () => client.end(),
  };
}

/** Opens an embedded database that lives in memory. */
export async function embedded(): Promise<Session> {
  const lite = await PGlite.create();
  const parsers = new Proxy({}, { get: () => asSent.getTypeParser(), has: () => true });
  return {
    script: async (sql) => {
      await lite.exec(sql);
    },
    rows: async (sql, values = []) => {
      const answer = await lite.query<unknown[]>(sql, [...values], { rowMode: "array", parsers });
      return answer.rows;
    },
    close: () => lite.close(),
  };
}

/** Who asks, and what. */
export interface Statement {
  readonly role: string;
  readonly sql: string;
  readonly values: readonly string[];
}

const begin = (role: string): string =>
  `begin; set local role ${role};
   set local synchronous_commit = off;
   select set_config('fieldgate.tenant', '${tenant}', true)`;

/** What a statement answered, and how long that took from here, in milliseconds. */
export interface Answer {
  readonly rows: readonly (readonly unknown[])[];
  readonly ms: number;
}

/** Asks like a request: a transaction, its role, its tenant. Only the statement is timed. */
export async function ask(session: Session, { role, sql, values }: Statement): Promise<Answer> {
  await session.script(begin(role));
  const start = performance.now();
  const rows = await session.rows(sql, values);
  const ms = performance.now() - start;
  await session.script("commit");
  return { rows, ms };
}

/** Writes like a request; the commit is timed too, its wait for the disk is not. */
export async function write(session: Session, { role, sql, values }: Statement): Promise<number> {
  await session.script(begin(role));
  const start = performance.now();
  await session.rows(sql, values);
  await session.script("commit");
  return performance.now() - start;
}
