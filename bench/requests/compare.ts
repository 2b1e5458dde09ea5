import { availableParallelism, loadavg } from "node:os";
import { inTurn } from "../in-turn.ts";
import { type Effort, inRounds, ratio, type Samples, type Spread, spread } from "../measure.ts";
import { number } from "../table.ts";
import { asking } from "./api.ts";
import { fillDataset, limitedKey } from "./dataset.ts";
import { bareEndpoint, type Endpoint, fieldgateEndpoints, type Keys } from "./endpoints.ts";
import { exchange, type HttpRequest } from "./exchange.ts";
import {
  type BareReady,
  type FieldgateReady,
  type HeardCount,
  type Reach,
  type ServerProcess,
  type StatementCount,
  withServer,
} from "./server-process.ts";
import { verify } from "./verify.ts";

/** What is to be measured. */
export interface Plan {
  /** The PostgreSQL server to make databases on; null: embedded ones. */
  readonly postgres: string | null;
  /** How many rows the table has. */
  readonly rows: number;
  /** How many rows a request asks for. */
  readonly sizes: readonly number[];
  readonly effort: Effort;
  /** What every subject does for each size before anything counts. */
  readonly warmUp: Effort;
  /** Told what is being done. */
  readonly say: (words: string) => void;
}

/** How Fieldgate answered in one way, for one size. */
export interface Finding extends StatementCount {
  readonly endpoint: string;
  readonly first: number;
  /** How many times the milliseconds of the bare server in the same round. */
  readonly ratio: Spread;
}

/** What was measured, and on what. */
export interface Comparison {
  readonly machine: { readonly cores: number; readonly load: number; readonly database: string };
  /** The milliseconds of the bare server, by size. */
  readonly bare: ReadonlyMap<number, Spread>;
  readonly findings: readonly Finding[];
}

/** The servers, filled, with the keys to ask them by. */
interface Scene {
  readonly bare: Endpoint;
  readonly fieldgate: ServerProcess<FieldgateReady>;
  readonly keys: Keys;
}

/** Starts both servers, fills them with the same rows, and compares how they answer. */
export async function compare(plan: Plan): Promise<Comparison> {
  const { postgres, rows, say } = plan;
  const [load = 0] = loadavg();
  say("starting the bare server and filling its table");
  const serving = { program: "bare-server.ts", args: [String(rows)], postgres } as const;
  return await withServer<BareReady, Comparison>(serving, async ({ ready: { address } }) => {
    say("starting Fieldgate");
    const program = "fieldgate-server.ts";
    return await withServer<FieldgateReady, Comparison>(
      { program, postgres },
      async (fieldgate, reach) => {
        const keys = await fill(fieldgate.ready, plan);
        const database = await settle(reach);
        const scene = { bare: bareEndpoint(address), fieldgate, keys };
        const machine = { cores: availableParallelism(), load, database };
        return { machine, ...(await measure(scene, plan)) };
      },
    );
  });
}

async function fill({ address, key }: FieldgateReady, { rows, say }: Plan): Promise<Keys> {
  const ask = asking(address, key);
  const dataset = await fillDataset(ask, rows, (written) =>
    say(`filling Fieldgate through its API: ${number(written)} of ${rowsOf(rows)}`),
  );
  return { all: key, limited: await limitedKey(ask, dataset) };
}

/** Does now what PostgreSQL would do by itself while it is timed. @returns What the database is. */
async function settle(reach: Reach): Promise<string> {
  const database = await reach();
  const { kind, pool } = database;
  try {
    await pool.query("VACUUM (ANALYZE)");
    const { rows } = await pool.query<{ server_version: string }>("SHOW server_version");
    const version = `PostgreSQL ${rows[0]?.server_version}`;
    return kind === "PGlite" ? `embedded PGlite (${version})` : version;
  } finally {
    await database.close();
  }
}

async function measure(scene: Scene, plan: Plan): Promise<Pick<Comparison, "bare" | "findings">> {
  const bare = new Map<number, Spread>();
  const findings = await inTurn(plan.sizes, async (first) => {
    const counts = await countStatements(scene, first);
    const rounds = await time(scene, first, plan);
    const bareSamples = rounds.map((samples) => samples.get(scene.bare.name) ?? []);
    bare.set(first, spread(bareSamples.map((samples) => spread(samples).mid)));
    return counts.map((count) => {
      const taken = rounds.map((samples) => samples.get(count.endpoint) ?? []);
      const ratios = taken.map((samples, round) => ratio(samples, bareSamples[round] ?? []).mid);
      return { ...count, first, ratio: spread(ratios) };
    });
  });
  return { bare, findings: findings.flat() };
}

/** So many rows, in words. */
export const rowsOf = (count: number): string => (count === 1 ? "1 row" : `${number(count)} rows`);

/** Times all subjects in turns, once it is certain that they answer alike. */
async function time(scene: Scene, first: number, plan: Plan): Promise<readonly Samples[]> {
  const { effort, warmUp, say } = plan;
  const { bare, fieldgate, keys } = scene;
  const endpoints = [bare, ...fieldgateEndpoints(fieldgate.ready.address, keys)];
  const rows = rowsOf(first);
  say(`${rows}: comparing the answers`);
  const subjects = await inTurn(endpoints, async (endpoint) => {
    const bytes = await verify(endpoint, first);
    return { name: endpoint.name, run: () => timed(endpoint, first, bytes) };
  });
  say(`${rows}: warming up`);
  await inRounds(subjects, warmUp);
  return await inRounds(subjects, effort, (round) =>
    say(`${rows}: round ${round} of ${effort.rounds}`),
  );
}

/** @throws {Error} for an answer of another length than the one that was compared. */
async function timed(
  { name, request }: Endpoint,
  first: number,
  expected: number,
): Promise<number> {
  const { body, ms } = await exchange(request(first));
  if (body.byteLength === expected) return ms;
  throw new Error(`${name} answered ${body.toString("utf8", 0, 500)}`);
}

/** What one request sends to the database, in each way of asking. */
async function countStatements({ fieldgate, keys }: Scene, first: number) {
  const endpoints = fieldgateEndpoints(fieldgate.ready.listenedTo, keys);
  return await inTurn(endpoints, async (endpoint) => {
    const count = await countOf(fieldgate, endpoint.request(first));
    return { endpoint: endpoint.name, ...count };
  });
}

/** Asks again where it happened to be this request that recorded the use of its key. */
async function countOf(
  fieldgate: Scene["fieldgate"],
  request: HttpRequest,
): Promise<StatementCount> {
  await exchange(request);
  const { hasUse, ...count } = (await fieldgate.next()) as HeardCount;
  return hasUse ? await countOf(fieldgate, request) : count;
}
