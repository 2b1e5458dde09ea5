/**
 * What Fieldgate is compared with: a native table, `pg`, `JSON.stringify` and `node:http`, without GraphQL
 * and without authorization. The pool and the HTTP server are set as Fieldgate's are. Takes the names of
 * the columns that it answers with, and tells its parent where it listens.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { parseConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/database.ts";
import { serve } from "../../src/http/server.ts";
import { readDatesAsText } from "./native-table.ts";
import { REGION } from "./orders.ts";
import type { Ready } from "./server-process.ts";

readDatesAsText();
const config = parseConfig(process.env);
const database = await openDatabase(config);
const columns = (process.argv[2] ?? "").replaceAll(/\w+/g, '"$&"');
const inRegion = `FROM orders WHERE region = '${REGION}'`;

/** What is answered on each path; its values are those of the query string, or the body. */
const STATEMENTS: Readonly<Record<string, string>> = {
  "/orders": `SELECT ${columns} ${inRegion} ORDER BY number LIMIT $1`,
  "/range": `SELECT ${columns} ${inRegion} AND total >= $1 AND total < $2 ORDER BY total LIMIT $3`,
  "/page": `SELECT ${columns} FROM orders ORDER BY total OFFSET $1 LIMIT $2`,
  "/count": `SELECT count(*)::integer AS count ${inRegion}`,
  "/groups": `SELECT status, count(*)::integer AS count, sum(total) AS total ${inRegion}
    GROUP BY status ORDER BY status COLLATE "C"`,
  "/create": "INSERT INTO made (cells) SELECT jsonb_array_elements($1)",
  "/created": "SELECT cells FROM made ORDER BY cells -> 'number'",
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://bare");
  const values = request.method === "POST" ? [await text(request)] : [...searchParams.values()];
  const { rows } = await database.pool.query(STATEMENTS[pathname] ?? "", values);
  const body = JSON.stringify(rows);
  response.writeHead(200, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

const server = await serve((request, response) => {
  answer(request, response).catch((error: unknown) => {
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

const ready: Ready = { address: server.address };
process.send?.(ready);
