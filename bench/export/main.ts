/**
 * Exports all rows of one dataset over HTTP, in each format, and imports one such file into a dataset of the same
 * columns; prints how long it took and how much memory the server needed: `npm run bench:export -- --rows 1000000`.
 * Ends with 1 where that was more than it may. The first is the first of the process: what it grows by, the others
 * find there.
 */
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { postgresServer } from "../../test/support/postgres-server.ts";
import { asking } from "../requests/api.ts";
import { inTurn } from "../in-turn.ts";
import { type ServerProcess, withServer } from "../requests/server-process.ts";
import { noRows } from "./many-rows.ts";
import {
  aboveIdle,
  type ExportReady,
  lineOf,
  lineOfImport,
  type Memory,
  MOST_ABOVE_IDLE,
} from "./report.ts";

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

/** Sends the rows of a dataset, as they are exported, to another, as an import. */
async function imported({ ready, ask }: ExportServer, format: string) {
  const next = () => ask("memory");
  const { address, key, datasetId } = ready;
  const api = asking(address, key);
  const into = await noRows(api, `copy_${format.toLowerCase()}`);
  const { exportRows } = await api<{ exportRows: { url: string } }>(
    `mutation ($input: ExportRowsInput!) { exportRows(input: $input) { url } }`,
    { input: { datasetId, format } },
  );
  const { importRows } = await api<{ importRows: { url: string } }>(
    `mutation ($input: ImportRowsInput!) { importRows(input: $input) { url } }`,
    { input: { datasetId: into, format } },
  );
  const file = await fetch(`${address}${exportRows.url}`);
  await next();
  const idle = (await next()) as Memory;
  const begun = performance.now();
  const init = { method: "PUT", body: file.body, duplex: "half" };
  const response = await fetch(`${address}${importRows.url}`, init);
  const { rows } = (await response.json()) as { rows?: number };
  if (rows === undefined) throw new Error(`The import failed: ${response.status}`);
  const seconds = (performance.now() - begun) / 1_000;
  const during = (await next()) as Memory;
  return { format, seconds, rows, idle, during };
}

async function measure(kind: string, postgres: string | null): Promise<void> {
  const serving = { program: "export/export-server.ts", args: [values.rows], postgres } as const;
  await withServer<ExportReady, void>(serving, async (server) => {
    await inTurn(FORMATS, async (format) => {
      const run = await exported(server, format);
      console.log(lineOf(kind, run));
      if (aboveIdle(run) > MOST_ABOVE_IDLE) process.exitCode = 1;
    });
    await inTurn(["CSV", "JSON_LINES"], async (format) => {
      console.log(lineOfImport(kind, await imported(server, format)));
    });
  });
}

const postgres = await postgresServer();
if (postgres) await measure("PostgreSQL", postgres.url);
await measure("PGlite", null);
