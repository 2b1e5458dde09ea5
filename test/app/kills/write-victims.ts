import { setTimeout as sleep } from "node:timers/promises";
import { aServer, type Server } from "../cli/program.ts";
import { hold, momentOf, type Scene, type Victim } from "./scene.ts";
import { ageImports, pendingImports, requireLogAgrees, requireNothingAstray } from "./storage.ts";

/** Rows of one call. */
const BATCH = 2_000;
/** Calls after each other, one of which is killed, but never the first: it tells how long one takes. */
const CALLS = 3;

/** A row as the API shows it; all of them, in the order of `n`, are the state of a dataset. */
interface Row {
  readonly id: string;
  readonly version: number;
  readonly values: { readonly n: number; readonly batch: string; readonly text: string };
}

/** A bulk write: what is sent, and the state that it makes of another. */
interface Call {
  readonly query: string;
  readonly input: object;
  /** The file that is sent to the one-time URL in the answer. */
  readonly file?: string;
  readonly apply: (before: readonly string[]) => string[];
}

/** Every way to write many rows at once. */
export const BULK_WRITES = ["createRows", "updateRows", "deleteRows", "importRows"] as const;

type BulkWrite = (typeof BULK_WRITES)[number];

/**
 * A server is killed while it writes many rows at once, by each of the writes in turn; each kill meets a
 * dataset of its own.
 */
export async function bulkWrites(scene: Scene, writes: readonly BulkWrite[]): Promise<Victim> {
  let server = await aServer(scene.place);
  const seen = new Map<string, string>();
  let made = 0;
  return {
    name: writes.join(", "),
    once: async () => {
      const write = writes[made % writes.length] ?? "createRows";
      const name = `${write.toLowerCase()}_${(made += 1)}`;
      const datasetId = await createDataset(scene, server, name);
      await fill(scene, server, datasetId, write === "deleteRows" ? CALLS : 1);
      const rows = await rowsOf(scene, server, datasetId);
      const calls = callsOf(write, datasetId, rows);
      const { acknowledged, wasAmid } = await killAmid(scene, server, calls);
      server = await aServer(scene.place);
      const states = statesOf(rows.map(lineOf), calls);
      const found = (await rowsOf(scene, server, datasetId)).map(lineOf).join("\n");
      const isBefore = found === states[acknowledged];
      const isAfter = wasAmid && found === states[acknowledged + 1];
      hold(isBefore || isAfter, `after ${acknowledged} calls the rows are as before or as after`);
      await requireLogAgrees(scene, name);
      seen.set(datasetId, found);
      return { wasAmid, isThere: isAfter };
    },
    end: async () => {
      for (const [datasetId, state] of seen) {
        const found = (await rowsOf(scene, server, datasetId)).map(lineOf).join("\n");
        hold(found === state, "later kills change nothing of what was found");
      }
      await requireNothingAstray(scene.place);
      await requireSwept(scene, server);
      await server.stop();
    },
  };
}

/** What killed imports left is swept away by the next. */
async function requireSwept(scene: Scene, server: Server): Promise<void> {
  await ageImports(scene.place);
  const datasetId = await createDataset(scene, server, "swept");
  await sent(server, scene.key, importing(datasetId, 1));
  hold((await pendingImports(scene.place)) === 0, "nothing is left of imports that were killed");
}

/** Sends one call after the other and kills the server in the middle of one. */
async function killAmid({ key }: Scene, server: Server, calls: readonly Call[]) {
  const answered = (call: Call) => isAnswered(sent(server, key, call));
  let acknowledged = 1 + Math.floor(Math.random() * (calls.length - 1));
  let length = 0;
  for (const call of calls.slice(0, acknowledged)) {
    const begun = performance.now();
    hold(await answered(call), "a server that nobody kills answers");
    length = performance.now() - begun;
  }
  const last = calls.slice(acknowledged, acknowledged + 1).map(answered);
  await sleep(momentOf(length, { from: 0, to: 1.1 }));
  await server.kill();
  const [wasAnswered = true] = await Promise.all(last);
  if (wasAnswered) acknowledged += 1;
  return { acknowledged, wasAmid: !wasAnswered };
}

async function sent(server: Server, key: string, { query, input, file }: Call): Promise<void> {
  const answer = await server.ask<{ importRows?: { url: string } }>(key, query, { input });
  if (file === undefined) return;
  const url = `${server.address}${answer.importRows?.url}`;
  const { status } = await fetch(url, { method: "PUT", body: file });
  hold(status === 200, "a file that is good becomes rows");
}

/** False where the connection broke. */
async function isAnswered(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The states that the calls lead through, the first of them before any. */
function statesOf(before: readonly string[], calls: readonly Call[]): string[] {
  let state = [...before];
  const states = [state.join("\n")];
  for (const { apply } of calls) {
    state = apply(state);
    states.push(state.join("\n"));
  }
  return states;
}

function lineOf({ version, values: { n, batch, text } }: Row): string {
  return `${n} ${version} ${batch} ${text}`;
}

function callsOf(write: BulkWrite, datasetId: string, rows: readonly Row[]): Call[] {
  return Array.from({ length: CALLS }, (_, index) => {
    if (write === "createRows") return creating(datasetId, index + 1);
    if (write === "importRows") return importing(datasetId, index + 1);
    return write === "updateRows"
      ? updating(datasetId, rows, index)
      : deleting(datasetId, rows, index);
  });
}

function creating(datasetId: string, batch: number): Call {
  const values = valuesOf(batch);
  return {
    query: "mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }",
    input: { datasetId, rows: values },
    apply: (before) => [
      ...before,
      ...values.map((each) => lineOf({ id: "", version: 1, values: each })),
    ],
  };
}

function importing(datasetId: string, batch: number): Call {
  const { apply } = creating(datasetId, batch);
  return {
    query: "mutation ($input: ImportRowsInput!) { importRows(input: $input) { url } }",
    input: { datasetId, format: "JSON" },
    file: JSON.stringify(valuesOf(batch)),
    apply,
  };
}

function updating(datasetId: string, rows: readonly Row[], index: number): Call {
  const batch = `update${index}`;
  return {
    query: "mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { count } }",
    input: { datasetId, rows: rows.map(({ id }) => ({ id, values: { batch } })) },
    apply: () =>
      rows.map(({ id, version, values }) =>
        lineOf({ id, version: version + index + 1, values: { ...values, batch } }),
      ),
  };
}

function deleting(datasetId: string, rows: readonly Row[], index: number): Call {
  const gone = rows.filter(({ values }) => values.batch === `batch${index}`);
  return {
    query: "mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { count } }",
    input: { datasetId, rows: gone.map(({ id, version }) => ({ id, expectedVersion: version })) },
    apply: (before) => before.filter((line) => !line.includes(` batch${index} `)),
  };
}

function valuesOf(batch: number): Row["values"][] {
  return Array.from({ length: BATCH }, (_, index) => {
    const n = batch * BATCH + index;
    return { n, batch: `batch${batch}`, text: `${n * 7_919} `.repeat(8).trim() };
  });
}

async function createDataset({ key }: Scene, server: Server, name: string): Promise<string> {
  const columns = [
    { name: "n", type: "INTEGER", unique: true },
    { name: "batch", type: "TEXT", indexed: true },
    { name: "text", type: "TEXT" },
  ];
  const made = await server.ask<{ createDataset: { dataset: { id: string } } }>(
    key,
    "mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { dataset { id } } }",
    { input: { name, columns } },
  );
  return made.createDataset.dataset.id;
}

async function fill({ key }: Scene, server: Server, datasetId: string, batches: number) {
  for (let batch = 0; batch < batches; batch += 1) {
    const { query, input } = creating(datasetId, batch);
    await server.ask(key, query, { input });
  }
}

async function rowsOf({ key }: Scene, server: Server, id: string): Promise<readonly Row[]> {
  const { dataset } = await server.ask<{
    dataset: { rowCount: number; rows: { nodes: readonly Row[] } } | null;
  }>(
    key,
    `query ($id: ID!) {
      dataset(id: $id) {
        rowCount
        rows(first: 10000, orderBy: [{ column: "n", direction: ASC }]) { nodes { id version values } }
      }
    }`,
    { id },
  );
  if (!dataset) throw new Error("Not true: an acknowledged dataset is there");
  const { rowCount, rows } = dataset;
  hold(rowCount === rows.nodes.length, `rowCount counts the rows: ${rowCount}`);
  return rows.nodes;
}
