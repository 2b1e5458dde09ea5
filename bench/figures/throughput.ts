import type { Figure, Finding, Reach } from "../figure.ts";
import { inTurn } from "../in-turn.ts";
import { inRounds, spread, type Subject } from "../measure.ts";
import type { Endpoint } from "../requests/endpoints.ts";
import { watchPeak } from "../requests/peak-memory.ts";
import { type Plan, rowsOf } from "../requests/scene.ts";
import { timed } from "../requests/timed.ts";
import { figure, shown, table } from "../table.ts";
import { BARE, summary, type Taken } from "./latency.ts";

/** How many requests are on their way at any moment. */
const AT_ONCE = 16;

/** The ways of asking that are measured so: of Fieldgate's the first. */
const MEASURED: ReadonlySet<string> = new Set([BARE, "values", "postgraphile", "directus"]);

/** One size: the milliseconds are those in which one more request was answered. */
interface Crowded extends Taken {
  /** The most memory that each server held, in megabytes, a sample a round. */
  readonly peaks: ReadonlyMap<string, readonly number[]>;
}

/** Counts the requests that are answered a second, and watches the memory of the servers meanwhile. */
export async function throughput(all: readonly Endpoint[], plan: Plan): Promise<Figure> {
  const endpoints = all.filter(({ name }) => MEASURED.has(name));
  const taken = await inTurn(
    plan.sizes.filter((first) => first > 1),
    (first) => take(endpoints, first, plan),
  );
  return {
    title: `Requests a second, ${AT_ONCE} at once; in brackets, the most memory that the server's process held, in MB`,
    text: tableOf(endpoints, taken),
    findings: taken.flatMap(findings),
    plot: {
      name: "throughput",
      title: `Requests a second, ${AT_ONCE} at once`,
      across: "rows in an answer",
      up: "requests a second",
      series: endpoints.map(({ name, title }) => ({
        name: title,
        points: taken.map((one) => ({ at: one.first, value: perSecond(one, name) })),
      })),
    },
  };
}

async function take(
  endpoints: readonly Endpoint[],
  first: number,
  { effort, warmUp, say }: Plan,
): Promise<Crowded> {
  const rows = rowsOf(first);
  const peaks = new Map(endpoints.map(({ name }) => [name, [] as number[]]));
  say(`${rows}, ${AT_ONCE} at once: comparing the answers`);
  const subjects = await inTurn(endpoints, async (endpoint) =>
    crowd(await timed(endpoint, first), endpoint, {
      patience: effort.patience,
      onPeak: (megabytes) => peaks.get(endpoint.name)?.push(megabytes),
    }),
  );
  say(`${rows}, ${AT_ONCE} at once: warming up`);
  await inRounds(subjects, warmUp);
  const rounds = await inRounds(subjects, { ...effort, turns: 1 }, (round) =>
    say(`${rows}, ${AT_ONCE} at once: round ${round} of ${effort.rounds}`),
  );
  return { first, peaks, ...summary(rounds) };
}

interface Crowd {
  readonly patience: number;
  readonly onPeak: (megabytes: number) => void;
}

/** Asks from so many sides at once until patience is at an end. */
function crowd({ name, run }: Subject, { pid }: Endpoint, { patience, onPeak }: Crowd): Subject {
  return {
    name,
    run: async () => {
      const peak = watchPeak(pid);
      const begun = performance.now();
      let answered = 0;
      const ask = async (): Promise<void> => {
        do {
          await run();
          answered += 1;
        } while (performance.now() < begun + patience);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, ask));
      const megabytes = peak();
      if (megabytes !== null) onPeak(megabytes);
      return (performance.now() - begun) / answered;
    },
  };
}

function tableOf(endpoints: readonly Endpoint[], taken: readonly Crowded[]): string {
  return table(
    ["requests a second", ...taken.map(({ first }) => rowsOf(first))],
    endpoints.map(({ name, title }) => [
      title,
      ...taken.map((one) => {
        const [against, peaks = []] = [one.times(BARE, name), one.peaks.get(name)];
        const memory = peaks.length > 0 ? ` [${spread(peaks).mid.toFixed(0)}]` : "";
        return `${figure(perSecond(one, name))} = ${shown(against)} ×${memory}`;
      }),
    ]),
  );
}

const perSecond = ({ milliseconds }: Taken, name: string): number =>
  1_000 / (milliseconds.get(name)?.mid ?? Number.NaN);

const AGAINST_PEERS: ReadonlyMap<number, Readonly<Record<string, Reach>>> = new Map([
  [100, { postgraphile: { bound: "≥", reach: 1.5 }, directus: { bound: "≥", reach: 4 } }],
  [1_000, { postgraphile: { bound: "≥", reach: 3 }, directus: { bound: "≥", reach: 4 } }],
  [10_000, { postgraphile: { bound: "≥", reach: 3 }, directus: { bound: "≥", reach: 4 } }],
]);

function findings({ first, milliseconds, times, peaks }: Crowded): readonly Finding[] {
  const against = Object.entries(AGAINST_PEERS.get(first) ?? {})
    .filter(([peer]) => milliseconds.has(peer))
    .map(([peer, reach]) => ({
      work: `${rowsOf(first)}, requests a second against ${PEERS[peer]}`,
      measured: times(peer, "values"),
      unit: " ×",
      reach,
    }));
  const held = peaks.get("values") ?? [];
  const memory: Finding = {
    work: `${AT_ONCE} answers of ${rowsOf(first)} at once, memory of the server`,
    measured: spread(held),
    unit: " MB",
    reach: { bound: "≤", reach: 550, stretch: 250 },
  };
  return first === 10_000 && held.length > 0 ? [...against, memory] : against;
}

const PEERS: Readonly<Record<string, string>> = {
  postgraphile: "PostGraphile",
  directus: "Directus",
};
