import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Embedded, openEmbeddedInMemory } from "../../../src/db/embedded/embedded-database.ts";
import { clientOver, poolOver } from "./support.ts";

let embedded: Embedded;
let pool: pg.Pool;
const connect = () => embedded.connect();

beforeAll(async () => {
  embedded = await openEmbeddedInMemory({ idleInTransactionMs: 300 });
  pool = poolOver(connect);
  await pool.query("create table note (text text)");
  await pool.query("create role visitor");
});

afterAll(async () => {
  await pool.end();
  await embedded.close();
});

async function notes(): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>("select text from note order by text");
  return rows.map((row) => row.text);
}

describe("the pg driver", () => {
  test("sends parameters and reads typed values", async () => {
    const { rows } = await pool.query("select $1::int + 1 as n, $2::text as t, null as nothing", [
      41,
      "ä'\\\n",
    ]);
    expect(rows).toEqual([{ n: 42, t: "ä'\\\n", nothing: null }]);
  });

  test("gets a database's errors and goes on", async () => {
    await expect(pool.query("select missing")).rejects.toMatchObject({ code: "42703" });
    await expect(pool.query("select $1::int", ["x"])).rejects.toMatchObject({ code: "22P02" });
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("runs several statements in one query, as one transaction", async () => {
    await expect(
      pool.query("insert into note values ('half'); select 1 / 0"),
    ).rejects.toMatchObject({ code: "22012" });
    expect(await notes()).not.toContain("half");
  });

  test("answers many clients at once, each with its own answer", async () => {
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    const answers = await Promise.all(
      numbers.map((n) => pool.query<{ n: number }>("select $1::int as n", [n])),
    );
    expect(answers.map((answer) => answer.rows[0]?.n)).toEqual(numbers);
  });

  test("carries a text of 50 MB and an answer of 50 MB in rows", async () => {
    const text = "x".repeat(50_000_000);
    const one = await pool.query<{ t: string }>("select $1::text as t", [text]);
    expect(one.rows[0]?.t === text).toBe(true);
    const many = await pool.query<{ n: number; t: string }>(
      "select n, repeat('y', 500) as t from generate_series(1, 100000) n",
    );
    expect(many.rows).toHaveLength(100_000);
    expect(many.rows.every((row, index) => row.n === index + 1 && row.t.length === 500)).toBe(true);
  });

  test("reads an answer in pages", async () => {
    const query = { text: "select n from generate_series(1, 25) n", values: [], rows: 10 };
    expect((await pool.query(query)).rows).toHaveLength(25);
  });

  test("is refused named statements and COPY FROM STDIN in words, inside a transaction too", async () => {
    const named = { name: "one", text: "select 1" };
    await expect(pool.query(named)).rejects.toMatchObject({ code: "0A000" });
    await expect(pool.query("copy note from stdin")).rejects.toThrow("COPY FROM STDIN");
    const client = await pool.connect();
    await client.query("begin");
    await expect(client.query(named)).rejects.toThrow("leave out the name");
    await expect(client.query("select 1")).rejects.toMatchObject({ code: "25P02" });
    await client.query("rollback");
    client.release();
  });

  test("is told that there is no encryption", async () => {
    const client = new pg.Client({ stream: connect, ssl: true });
    await expect(client.connect()).rejects.toThrow("does not support SSL");
  });
});

describe("clients that share the session", () => {
  test("have their transactions one after the other", async () => {
    await pool.query("create table counter (n int); insert into counter values (0)");
    const add = async () => {
      const client = await pool.connect();
      await client.query("begin");
      const { rows } = await client.query<{ n: number }>("select n from counter");
      await sleep(1);
      await client.query("update counter set n = $1", [(rows[0]?.n ?? 0) + 1]);
      await client.query("commit");
      client.release();
    };
    await Promise.all(Array.from({ length: 40 }, add));
    expect((await pool.query("select n from counter")).rows).toEqual([{ n: 40 }]);
  });

  test("do not see each other's unfinished work", async () => {
    const writer = await pool.connect();
    await writer.query("begin; insert into note values ('unseen')");
    const seen = notes();
    await writer.query("rollback");
    writer.release();
    expect(await seen).not.toContain("unseen");
  });

  test("leave nothing when they die amid a transaction or amid its last statement", async () => {
    for (const statement of [undefined, "select pg_sleep(0.05)"]) {
      const client = await clientOver(connect);
      await client.query(
        "begin; set local role visitor; reset role; insert into note values ('dead')",
      );
      if (statement) client.query(statement).catch(() => {});
      await sleep(10);
      client["connection"].stream.destroy();
      expect(await notes()).not.toContain("dead");
    }
    expect((await pool.query("select pg_current_xact_id_if_assigned() as x")).rows).toEqual([
      { x: null },
    ]);
  });

  test("leave nothing when they go amid an answer in pages", async () => {
    const client = await clientOver(connect);
    const paged = { text: "select n from generate_series(1, 100) n", values: [], rows: 10 };
    const page = new pg.Query(paged);
    page.once("row", () => client["connection"].stream.destroy());
    page.on("error", () => {});
    client.query(page);
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("are cut when they hold a transaction and ask for nothing", async () => {
    const client = await clientOver(connect);
    const cut = new Promise((resolve) => client.once("error", resolve));
    await client.query("begin; insert into note values ('idle')");
    const waiting = notes();
    expect(await cut).toMatchObject({ code: "25P03", severity: "FATAL" });
    expect(await waiting).not.toContain("idle");
    await expect(client.query("commit")).rejects.toThrow("not queryable");
  });

  test("are not cut while they keep asking", async () => {
    const client = await clientOver(connect);
    await client.query("begin");
    for (let n = 0; n < 6; n += 1) {
      await sleep(100);
      await client.query("select 1");
    }
    expect((await client.query("commit")).command).toBe("COMMIT");
    await client.end();
  });

  test("do not inherit what another one set", async () => {
    const one = await clientOver(connect);
    await one.query("set role visitor");
    await one.query("set search_path = pg_catalog");
    await one.query("select set_config('fieldgate.tenant', 'other', false)");
    await one.query("prepare plan as select 1");
    await one.query("create temporary table scratch (id int)");
    await one.query("listen news");
    await one.query("select pg_advisory_lock(1)");
    const other = await clientOver(connect);
    const { rows } = await other.query(
      `select current_user as role, current_setting('search_path') as path,
         nullif(current_setting('fieldgate.tenant', true), '') as tenant,
         (select count(*)::int from pg_prepared_statements) as plans,
         to_regclass('pg_temp.scratch') as scratch,
         (select count(*)::int from pg_listening_channels()) as channels,
         (select count(*)::int from pg_locks where locktype = 'advisory') as locks`,
    );
    expect(rows).toEqual([
      {
        role: "postgres",
        path: "public",
        tenant: null,
        plans: 0,
        scratch: null,
        channels: 0,
        locks: 0,
      },
    ]);
    await Promise.all([one.end(), other.end()]);
  });

  test("are refused when they speak another protocol, and only they", async () => {
    const stream = embedded.connect();
    (stream as unknown as { connect(): void }).connect();
    stream.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const answer = await stream.toArray();
    expect(Buffer.concat(answer).toString()).toContain("not the PostgreSQL protocol");
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });
});
