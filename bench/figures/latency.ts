import type { Figure, Finding, Reach } from "../figure.ts";
import { inTurn } from "../in-turn.ts";
import { inRounds, ratio, type Samples, type Spread, spread } from "../measure.ts";
import type { Endpoint } from "../requests/endpoints.ts";
import { type Plan, rowsOf } from "../requests/scene.ts";
import { timed } from "../requests/timed.ts";
import { shown, table } from "../table.ts";

/** How long the answers of one size took: of the bare server in milliseconds, of others in its times. */
export interface Taken {
  readonly first: number;
  readonly milliseconds: ReadonlyMap<string, Spread>;
  /** How many times as long as another took in the same round: the median of the rounds, by both names. */
  readonly times: (name: string, baseline: string) => Spread;
}

/** Times all endpoints in turns, for each size, one request at a time. */
export async function latency(endpoints: readonly Endpoint[], plan: Plan): Promise<Figure> {
  const taken = await inTurn(plan.sizes, (first) => take(endpoints, first, plan));
  return {
    title: "Times as long as the bare server, one request at a time",
    text: tableOf(endpoints, taken),
    findings: findings(taken),
    plot: {
      name: "latency",
      title: "Times as long as the bare server",
      across: "rows in an answer",
      up: "latency, bare server = 1",
      series: endpoints.map(({ name, title }) => ({
        name: title,
        points: taken.map(({ first, times }) => ({ at: first, value: times(name, BARE).mid })),
      })),
    },
  };
}

/** The name of what everything is compared with. */
export const BARE = "bare";

/** Times all endpoints for one size, once it is certain that they answer alike. */
async function take(
  endpoints: readonly Endpoint[],
  first: number,
  { effort, warmUp, say }: Plan,
): Promise<Taken> {
  const rows = rowsOf(first);
  say(`${rows}: comparing the answers`);
  const subjects = await inTurn(endpoints, (endpoint) => timed(endpoint, first));
  say(`${rows}: warming up`);
  await inRounds(subjects, warmUp);
  const rounds = await inRounds(subjects, effort, (round) =>
    say(`${rows}: round ${round} of ${effort.rounds}`),
  );
  return { first, ...summary(rounds) };
}

/** The medians of the rounds, and their quartiles. */
export function summary(rounds: readonly Samples[]): Omit<Taken, "first"> {
  const names = [...(rounds[0]?.keys() ?? [])];
  return {
    milliseconds: new Map(
      names.map((name) => [name, spread(rounds.map((samples) => spread(of(samples, name)).mid))]),
    ),
    times: (name, baseline) =>
      spread(rounds.map((samples) => ratio(of(samples, name), of(samples, baseline)).mid)),
  };
}

const of = (samples: Samples, name: string): readonly number[] => samples.get(name) ?? [];

function tableOf(endpoints: readonly Endpoint[], taken: readonly Taken[]): string {
  const lines = endpoints.map(({ name, title }) => [
    title,
    ...taken.map(({ times }) => (name === BARE ? "1.00" : shown(times(name, BARE)))),
  ]);
  const milliseconds = taken.map(({ milliseconds: found }) => found.get(BARE)).map(shownOrNone);
  return table(
    ["×", ...taken.map(({ first }) => rowsOf(first))],
    [...lines, ["bare server, ms", ...milliseconds]],
  );
}

const shownOrNone = (found: Spread | undefined): string => (found ? shown(found) : "");

const VALUES_REACH: ReadonlyMap<number, Reach> = new Map([
  [10_000, { bound: "≤", reach: 0.75, stretch: 0.5 }],
  [1_000, { bound: "≤", reach: 1.1, stretch: 0.7 }],
  [100, { bound: "≤", reach: 1.7 }],
  [1, { bound: "≤", reach: 6 }],
]);

function findings(taken: readonly Taken[]): readonly Finding[] {
  return taken.flatMap(({ first, times, milliseconds }) => {
    const rows = rowsOf(first);
    const finding = (work: string, pair: readonly [string, string], reach: Reach | undefined) =>
      reach && milliseconds.has(pair[1])
        ? [{ work: `${rows}, ${work}`, measured: times(...pair), unit: " ×", reach }]
        : [];
    const only = (size: number, reach: Reach) => (first === size ? reach : undefined);
    return [
      ...finding("values against the bare server", ["values", BARE], VALUES_REACH.get(first)),
      ...finding(
        "a row filter and 15 of 20 columns against READ on everything",
        ["values", "all"],
        only(10_000, { bound: "≤", reach: 1.05 }),
      ),
      ...finding(
        "typed cells against the bare server",
        ["typed", BARE],
        only(10_000, { bound: "≤", reach: 2, stretch: 1 }),
      ),
      ...finding(
        "20 roles against one",
        ["roles", "values"],
        only(10_000, { bound: "≤", reach: 1.25 }),
      ),
      ...finding(
        "values against PostGraphile",
        ["values", "postgraphile"],
        only(1, { bound: "≤", reach: 1 }),
      ),
    ];
  });
}
