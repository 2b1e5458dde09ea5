import { inTurn, range } from "./in-turn.ts";

/** Something to time: each run answers how many milliseconds it took. */
export interface Subject {
  readonly name: string;
  readonly run: () => Promise<number>;
}

/** Samples in milliseconds, by the subject's name. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** How often: in each round every subject runs `turns` times, or fewer if it is slow. */
export interface Effort {
  readonly rounds: number;
  readonly turns: number;
  /** Milliseconds after which a subject gives way to the next. */
  readonly patience: number;
}

/** Times the subjects in turns, each round beginning with another; one unmeasured round first. */
export async function interleave(subjects: readonly Subject[], effort: Effort): Promise<Samples> {
  await inTurn(subjects, (subject) => subject.run());
  const taken = await inRounds(subjects, effort);
  return new Map(
    subjects.map(({ name }) => [name, taken.flatMap((samples) => samples.get(name) ?? [])]),
  );
}

/** The same without the unmeasured round, and with the samples of each round apart. */
export async function inRounds(
  subjects: readonly Subject[],
  effort: Effort,
  onRound: (round: number) => void = () => {},
): Promise<readonly Samples[]> {
  return inTurn(range(1, effort.rounds), async (round) => {
    onRound(round);
    const first = round % subjects.length;
    const order = [...subjects.slice(first), ...subjects.slice(0, first)];
    const taken = await inTurn(order, async (subject) => {
      return [subject.name, await turn(subject, effort)] as const;
    });
    return new Map(taken);
  });
}

async function turn(subject: Subject, { turns, patience }: Effort): Promise<readonly number[]> {
  const end = performance.now() + patience;
  const taken = await inTurn(range(1, turns), async (number) =>
    number === 1 || performance.now() < end ? [await subject.run()] : [],
  );
  return taken.flat();
}

/** A median between its quartiles. */
export interface Spread {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

export function spread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.25), mid: at(0.5), high: at(0.75) };
}

/** How many times the baseline's median; the quartiles are the subject's own. */
export function ratio(subject: readonly number[], baseline: readonly number[]): Spread {
  const one = spread(baseline).mid;
  const { low, mid, high } = spread(subject);
  return { low: low / one, mid: mid / one, high: high / one };
}
