import { Agent, request } from "node:http";
import process from "node:process";
import { text } from "node:stream/consumers";
import { createApp } from "../../src/app.ts";
import type { Database } from "../../src/db/database.ts";
import { createLog } from "../../src/http/log.ts";
import { serve } from "../../src/http/server.ts";
import { createTransport } from "../../src/http/transport.ts";
import type { Place } from "../app/cli/place.ts";
import { withDatabase } from "./on-databases.ts";
import { alike, type Samples, table } from "./timing.ts";

/** Asks a server over one connection. */
export interface Served {
  /** @returns The status and the body. */
  readonly post: (
    body: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly answer: string }>;
  /** Asks with a key what has to succeed. */
  readonly ask: <Data>(key: string, query: string, variables?: object) => Promise<Data>;
}

/** Serves the API of a database for as long as the work takes. */
export async function withServer<Result>(
  database: Database,
  now: () => Date,
  work: (served: Served) => Promise<Result>,
): Promise<Result> {
  const log = createLog("silent");
  const app = createApp({ database, log, now });
  const transport = createTransport(app, { log, ready: async () => true });
  const server = await serve(transport, { host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post: Served["post"] = async (body, others = {}) => {
    const headers = { "content-type": "application/json", ...others };
    const sent = request(`${server.address}/graphql`, { method: "POST", headers, agent });
    sent.end(JSON.stringify(body));
    return await new Promise((resolve, reject) => {
      sent.once("error", reject).once("response", (response) => {
        text(response).then(
          (answer) => resolve({ status: response.statusCode ?? 0, answer }),
          reject,
        );
      });
    });
  };
  const ask: Served["ask"] = async <Data>(key: string, query: string, variables: object = {}) => {
    const { answer } = await post({ query, variables }, { "x-api-key": key });
    const { data, errors } = JSON.parse(answer) as { data: Data; errors?: unknown };
    if (errors) throw new Error(answer);
    return data;
  };
  try {
    return await work({ post, ask });
  } finally {
    agent.destroy();
    await server.close();
  }
}

/** What is refused, by the reason; each is presented once, and it is told how many milliseconds that took. */
export type Refused = ReadonlyMap<string, () => Promise<number>>;

/** The time of a request that is refused as it has to be. */
export async function timed(answered: () => Promise<{ readonly status: number }>): Promise<number> {
  const begun = performance.now();
  const { status } = await answered();
  const taken = performance.now() - begun;
  if (status !== 401) throw new Error(`It was not refused: ${status}`);
  return taken;
}

/** Presents one after the other, in another order each time. */
async function inTurns(refused: Refused, samples: number): Promise<Samples> {
  const taken = new Map([...refused.keys()].map((reason) => [reason, [] as number[]]));
  for (let round = -samples / 10; round < samples; round += 1) {
    const order = [...refused]
      .map((entry) => ({ entry, place: Math.random() }))
      .toSorted((one, other) => one.place - other.place);
    for (const { entry } of order) {
      const [reason, present] = entry;
      // oxlint-disable-next-line no-await-in-loop
      const ms = await present();
      // What comes first warms up.
      if (round >= 0) taken.get(reason)?.push(ms);
    }
  }
  return taken;
}

const ATTEMPTS = 3;

/** Whether the time of what is refused tells nothing of why. A machine with other work on it is measured again. */
export async function areAlike(
  { kind }: Place,
  refused: Refused,
  samples: number,
): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const taken = await inTurns(refused, samples);
    process.stdout.write(`${kind}, attempt ${attempt}\n${table(taken)}\n`);
    if (alike(taken)) return true;
  }
  return false;
}

/** Serves the API of a database in a place, as {@link withServer} does. */
export async function withServed<Result>(
  place: Place,
  now: () => Date,
  work: (served: Served, database: Database) => Promise<Result>,
): Promise<Result> {
  return await withDatabase(place, (database) =>
    withServer(database, now, (served) => work(served, database)),
  );
}
