/**
 * What Fieldgate is compared with: a table of its own, `pg`, `JSON.stringify` and `node:http`, without
 * GraphQL and without authorization. The pool and the HTTP server are set as Fieldgate's are. Tells its
 * parent where it listens when the table is filled.
 */
import type { ServerResponse } from "node:http";
import pg from "pg";
import type { ColumnType } from "../../src/cell/column-type.ts";
import { parseConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/database.ts";
import { serve } from "../../src/http/server.ts";
import { inTurn } from "../in-turn.ts";
import { asked, chunksOfOrders, orderColumns } from "./orders.ts";
import type { BareReady } from "./server-process.ts";

const NATIVE: Readonly<Record<ColumnType, string>> = {
  TEXT: "text",
  SELECT: "text",
  INTEGER: "integer",
  DECIMAL: "numeric",
  BOOLEAN: "boolean",
  DATE: "date",
  DATETIME: "timestamptz(3)",
  JSON: "jsonb",
};

// By default a date becomes a moment in the server's own time zone, which is another one.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

const config = parseConfig(process.env);
const database = await openDatabase(config);
const { pool } = database;

async function fill(count: number): Promise<void> {
  const columns = orderColumns.map(({ name, type }) => `"${name}" ${NATIVE[type]}`).join(", ");
  await pool.query(`CREATE TABLE orders (${columns}, PRIMARY KEY (number))`);
  await inTurn(chunksOfOrders(count), (rows) =>
    pool.query("INSERT INTO orders SELECT * FROM json_populate_recordset(null::orders, $1)", [
      JSON.stringify(rows),
    ]),
  );
  await pool.query("VACUUM (ANALYZE) orders");
}

const names = asked.map((name) => `"${name}"`).join(", ");
const select = `SELECT ${names} FROM orders ORDER BY number LIMIT $1`;

async function answer(first: string | null, response: ServerResponse): Promise<void> {
  const { rows } = await pool.query(select, [first]);
  const body = JSON.stringify(rows);
  response.writeHead(200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

await fill(Number(process.argv[2]));
const server = await serve((request, response) => {
  const { searchParams } = new URL(request.url ?? "", "http://bare");
  answer(searchParams.get("first"), response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
}, config);

process.once("disconnect", () => {
  void server
    .close()
    .then(() => database.close())
    .then(() => process.exit());
});

const ready: BareReady = { address: server.address };
process.send?.(ready);
