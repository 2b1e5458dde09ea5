import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "../../support/world.ts";

/** How many requests are on their way at once. */
const AT_ONCE = 8;

/** How long others ask before something ends, and go on afterwards, in milliseconds. */
const BEFORE_MS = 100;
const AFTER_MS = 100;

/** Who asks until it may not any more. */
export interface Loaded {
  /** Reads or writes a row. @returns `OK` where it was allowed, and otherwise how it was not. */
  readonly ask: (isWriting: boolean) => Promise<string>;
  /** Takes from whoever asks what it asks with. */
  readonly end: () => Promise<Pick<Answer, "errors">>;
  /** How many rows there are. */
  readonly rows: () => Promise<number>;
}

/** What was tried in all. */
export interface Tried {
  ends: number;
  /** Requests that were allowed before. */
  before: number;
  /** Of those, writes. */
  writes: number;
  /** Requests that began after the end was acknowledged. */
  after: number;
  /** Of those: not to be any. */
  allowed: number;
}

/** Nothing yet. */
export function nothingTried(): Tried {
  return { ends: 0, before: 0, writes: 0, after: 0, allowed: 0 };
}

/** What was found of one end. */
export interface Found {
  readonly errors: Answer["errors"];
  /** How requests ended that began after it was acknowledged. */
  readonly outcomes: ReadonlySet<string>;
  /** How many rows were written after it was acknowledged. */
  readonly late: number;
}

interface Answered {
  readonly begun: number;
  readonly isWriting: boolean;
  readonly outcome: string;
}

const isOk = ({ outcome }: Answered) => outcome === "OK";

/** Ends something while many requests are made with it, and counts what became of them. */
export async function endedUnderLoad({ ask, end, rows }: Loaded, tried: Tried): Promise<Found> {
  const answers: Answered[] = [];
  const over = new AbortController();
  const load = Array.from({ length: AT_ONCE }, async (_none, place) => {
    while (!over.signal.aborted) {
      const [begun, isWriting] = [performance.now(), place % 2 === 0];
      answers.push({ begun, isWriting, outcome: await ask(isWriting) });
    }
  });
  await sleep(BEFORE_MS);
  const { errors } = await end();
  const acknowledged = performance.now();
  const written = await rows();
  await sleep(AFTER_MS);
  over.abort();
  await Promise.all(load);
  const after = answers.filter(({ begun }) => begun > acknowledged);
  tried.ends += 1;
  tried.before += answers.filter((each) => each.begun <= acknowledged && isOk(each)).length;
  tried.writes += answers.filter((each) => each.isWriting && isOk(each)).length;
  tried.after += after.length;
  tried.allowed += after.filter(isOk).length;
  const outcomes = new Set(after.map(({ outcome }) => outcome));
  return { errors, outcomes, late: (await rows()) - written };
}

/** What was tried, in one line. */
export function inWords({ ends, before, writes, after, allowed }: Tried): string {
  return `${ends} ends under load: ${before} requests allowed before (${writes} writes), ${after} after, of which ${allowed} were allowed.`;
}
