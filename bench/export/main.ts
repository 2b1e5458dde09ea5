/**
 * Exports all rows of one dataset over HTTP, in each format, and prints how long it took and how much memory the
 * server needed: `npm run bench:export -- --rows 1000000`. Ends with 1 where that was more than it may. The first is
 * the first of the process: what it grows by, the others find there.
 */
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { postgresServer } from "../../test/support/postgres-server.ts";
import { asking } from "../requests/api.ts";
import { inTurn } from "../in-turn.ts";
import { type ServerProcess, withServer } from "../requests/server-process.ts";
import { aboveIdle, type ExportReady, lineOf, type Memory, MOST_ABOVE_IDLE } from "./report.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const FORMATS = ["JSON_LINES", "CSV", "JSON"];

type ExportServer = ServerProcess<ExportReady>;

async function exported({ ready, ask }: ExportServer, format: string) {
  const next = () => ask("memory");
  const { address, key, datasetId } = ready;
  const { exportRows } = await asking(address, key)<{ exportRows: { url: string } }>(
    `mutation ($input: ExportRowsInput!) { exportRows(input: $input) { url } }`,
    { input: { datasetId, format } },
  );
  await next();
  const idle = (await next()) as Memory;
  const begun = performance.now();
  const response = await fetch(`${address}${exportRows.url}`);
  if (!response.ok || !response.body) throw new Error(await response.text());
  const secondsHeld = (performance.now() - begun) / 1_000;
  let bytes = 0;
  for await (const chunk of response.body) bytes += (chunk as Uint8Array).byteLength;
  const seconds = (performance.now() - begun) / 1_000;
  const during = (await next()) as Memory;
  // Until the server has closed its file.
  await setTimeout(500);
  return { format, seconds, secondsHeld, bytes, idle, during, after: (await next()) as Memory };
}

async function measure(kind: string, postgres: string | null): Promise<void> {
  const serving = { program: "export/export-server.ts", args: [values.rows], postgres } as const;
  await withServer<ExportReady, void>(serving, async (server) => {
    await inTurn(FORMATS, async (format) => {
      const run = await exported(server, format);
      console.log(lineOf(kind, run));
      if (aboveIdle(run) > MOST_ABOVE_IDLE) process.exitCode = 1;
    });
  });
}

const postgres = await postgresServer();
if (postgres) await measure("PostgreSQL", postgres.url);
await measure("PGlite", null);
