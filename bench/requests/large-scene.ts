import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import process from "node:process";
import { promisify } from "node:util";
import { number } from "../table.ts";
import { type Ask, asking } from "./api.ts";
import { inRegion, limitedKey, type MadeDataset } from "./dataset.ts";
import { nativeTable } from "./native-table.ts";
import { askedColumns, chunksOfOrders, type Order } from "./orders.ts";
import { type Filling, rowsOf, settle } from "./scene.ts";
import {
  type FieldgateReady,
  type Ready,
  ROOT,
  type ServerProcess,
  TENANT,
  withServer,
} from "./server-process.ts";

const IMPORTED: ReadonlySet<string> = new Set([
  "number",
  "customer",
  "region",
  "status",
  "quantity",
  "unit_price",
  "total",
  "is_paid",
  "ordered_on",
  "created_at",
]);
const WITHHELD: ReadonlySet<string> = new Set(["customer", "unit_price"]);

/** The ten columns of the file. */
const importedColumns = askedColumns.filter(({ name }) => IMPORTED.has(name));

/** Those of them that are asked for, and that the limited key reads. */
export const largeColumns = importedColumns.filter(({ name }) => !WITHHELD.has(name));

/** Many rows: in a native table, and in Fieldgate, where they were imported from a file. */
export interface LargeScene {
  readonly bare: ServerProcess<Ready>;
  readonly fieldgate: ServerProcess<FieldgateReady>;
  /** A key that reads some columns of some rows. */
  readonly limited: string;
  readonly rows: number;
  /** How long the import took, from the command's start to its end. */
  readonly importMs: number;
}

/** Starts the bare server and Fieldgate over many rows, which Fieldgate imports. */
export async function withLargeScene<Result>(
  filling: Filling & { readonly postgres: string },
  work: (scene: LargeScene) => Promise<Result>,
): Promise<Result> {
  const { postgres, rows, say } = filling;
  const program = "requests/fieldgate-server.ts";
  return await withServer<FieldgateReady, Result>({ program, postgres }, async (fieldgate) => {
    const importMs = await importOrders(fieldgate, filling);
    say("indexing a column, making a key");
    const limited = await prepare(fieldgate.ready);
    await settle(fieldgate.place);
    say(`filling the native table with ${rowsOf(rows)}`);
    const serving = {
      program: "requests/bare-server.ts",
      args: [largeColumns.map(({ name }) => name).join()],
      postgres,
      prepare: nativeTable({ columns: importedColumns, rows, indexes: ["total"] }),
    };
    return await withServer<Ready, Result>(serving, (bare) =>
      work({ bare, fieldgate, limited, rows, importMs }),
    );
  });
}

/** Imports the rows with the command, as one would. @returns How long it took. */
async function importOrders(
  { place }: ServerProcess<Ready>,
  { rows, say }: Filling,
): Promise<number> {
  const path = join(place.folder, "orders.csv");
  say("writing a file to import");
  await pipeline(Readable.from(csvOf(rows)), createWriteStream(path));
  say(`importing ${number(rows)} lines`);
  const types = importedColumns.map(({ name, type }) => `${name}:${type}`).join();
  const words = ["import", path, "--dataset", "orders", "--tenant", TENANT, "--types", types];
  const begun = performance.now();
  await promisify(execFile)(process.execPath, [join(ROOT, "src/cli/bin.mjs"), ...words], {
    cwd: place.folder,
    env: { ...process.env, ...place.env, NODE_ENV: "production" },
  });
  return performance.now() - begun;
}

/** The rows as a file; none of their cells needs quotes. */
function* csvOf(rows: number): Generator<string> {
  const names = importedColumns.map(({ name }) => name);
  const line = (order: Order) => `${names.map((name) => order[name] ?? "").join()}\n`;
  yield `${names.join()}\n`;
  for (const chunk of chunksOfOrders(rows, importedColumns)) yield chunk.map(line).join("");
}

/** Marks the column that is searched as indexed, and makes the limited key. */
async function prepare({ address, key }: FieldgateReady): Promise<string> {
  const ask = asking(address, key);
  const { dataset } = await ask<{ dataset: MadeDataset }>(
    `{ dataset(name: "orders") { id columns { id name } } }`,
    {},
  );
  const { id } = dataset.columns.find(({ name }) => name === "total") ?? {};
  await ask(
    `mutation ($input: UpdateColumnInput!) { updateColumn(input: $input) { column { id } } }`,
    { input: { id, indexed: true } },
  );
  await indexed(ask, id);
  const share = { withheld: [...WITHHELD], filter: inRegion };
  return await limitedKey(ask, dataset, { name: "clerk", share });
}

const STATE = `query ($id: ID!) { node(id: $id) { ... on Column { index { state } } } }`;

/** Waits until the index of a column is there: it is built beside whoever reads and writes. */
async function indexed(ask: Ask, id: string | undefined): Promise<void> {
  const { node } = await ask<{ node: { index: { state: string } | null } | null }>(STATE, { id });
  if (node?.index?.state === "READY") return;
  await setTimeout(200);
  await indexed(ask, id);
}
