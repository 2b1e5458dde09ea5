import type { Profiler } from "node:inspector/promises";
import { type Spread, spread } from "../measure.ts";
import { fieldgateEndpoints, WAYS_TO_ASK } from "../requests/endpoints.ts";
import { rowsOfRegion } from "../requests/orders.ts";
import { type Filling, withFieldgate } from "../requests/scene.ts";
import { timed } from "../requests/timed.ts";

/** What is asked, and for how long. */
export interface Case extends Filling {
  /** The name of a way of asking. */
  readonly way: string;
  readonly first: number;
  readonly seconds: number;
}

/** What was measured while the server answered. */
export interface Profiled {
  /** How many requests were answered, and in how many milliseconds each. */
  readonly requests: number;
  readonly milliseconds: Spread;
  readonly profile: Profiler.Profile;
}

/**
 * Profiles a server of its own while it answers, one request at a time, warmed up.
 *
 * @throws {Error} for a way of asking that there is none of, and for more rows than there are.
 */
export async function profile({ way, first, seconds, ...filling }: Case): Promise<Profiled> {
  const most = rowsOfRegion(filling.rows);
  if (!WAYS_TO_ASK.includes(way) || !(first >= 1 && first <= most)) {
    throw new Error(
      `A case is one of ${WAYS_TO_ASK.join()}, a dash, and 1 to ${most} rows of ${filling.rows}.`,
    );
  }
  return await withFieldgate(filling, async ({ ready, pid, ask }, keys) => {
    const endpoints = fieldgateEndpoints({ address: ready.address, pid }, keys);
    const endpoint = endpoints[WAYS_TO_ASK.indexOf(way)];
    if (!endpoint) throw new Error(`There is no ${way}.`);
    const { run } = await timed(endpoint, first);
    filling.say("warming up");
    await repeat(run, seconds / 2);
    filling.say("profiling");
    await ask("start profile");
    const samples = await repeat(run, seconds);
    const taken = (await ask("stop profile")) as Profiler.Profile;
    return { requests: samples.length, milliseconds: spread(samples), profile: taken };
  });
}

/** Does it again and again, for as long. */
async function repeat(run: () => Promise<number>, seconds: number): Promise<readonly number[]> {
  const end = performance.now() + seconds * 1_000;
  const samples: number[] = [];
  do samples.push(await run());
  while (performance.now() < end);
  return samples;
}
