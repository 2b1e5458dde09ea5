/**
 * Things that are done one at a time in this process, or a few at a time. Whoever waits for its turn holds no
 * transaction meanwhile, and so no connection; between processes the database has a lock of its own.
 *
 * @module
 */

import { UnavailableError } from "./errors.ts";

/** The turn to do a thing; it has to be passed on. */
export interface Turn {
  readonly key: string;
  readonly pass: () => void;
}

/** Thrown in a transaction that would have to wait for its turn: it is to be begun anew when that has come. */
export class TurnTakenError extends Error {
  override readonly name = "TurnTakenError";
  readonly key: string;

  constructor(key: string) {
    super(`Somebody else has the turn: ${key}.`);
    this.key = key;
  }
}

/** What is done in turns. */
export interface Turns {
  readonly key: string;
  /** How many have their turn at a time. */
  readonly atOnce: number;
  /** How many wait for it at most: each holds what it was sent. */
  readonly mostWaiting: number;
}

interface Queue {
  /** How many have their turn. */
  taken: number;
  /** Those who wait for it, in the order in which they came. */
  readonly waiting: (() => void)[];
}

/** Of each thing that somebody does in turn. */
const queues = new Map<string, Queue>();

/** Takes the turn to do a thing that is done one at a time; null: somebody has it. */
export function takeTurn(key: string): Turn | null {
  return taken(oneAtATime(key));
}

function taken({ key, atOnce }: Turns): Turn | null {
  const queue = queues.get(key) ?? { taken: 0, waiting: [] };
  if (queue.taken >= atOnce) return null;
  queue.taken += 1;
  queues.set(key, queue);
  return { key, pass: () => passOn(key) };
}

const oneAtATime = (key: string): Turns => ({ key, atOnce: 1, mostWaiting: 100 });

/** How long one waits for a turn. */
const PATIENCE_MS = 60_000;

/** Waits for a turn; null where too many wait for it, or it does not come in time. */
export async function awaitTurn(turns: Turns): Promise<Turn | null> {
  const { key, mostWaiting } = turns;
  const free = taken(turns);
  if (free) return free;
  const others = queues.get(key)?.waiting ?? [];
  if (others.length >= mostWaiting) return null;
  const hasCome = await new Promise<boolean>((resolve) => {
    const come = () => {
      clearTimeout(timer);
      resolve(true);
    };
    const timer = setTimeout(() => {
      others.splice(others.indexOf(come), 1);
      resolve(false);
    }, PATIENCE_MS);
    others.push(come);
  });
  return hasCome ? { key, pass: () => passOn(key) } : null;
}

function passOn(key: string): void {
  const queue = queues.get(key);
  const next = queue?.waiting.shift();
  if (next || !queue) {
    next?.();
    return;
  }
  queue.taken -= 1;
  if (queue.taken === 0) queues.delete(key);
}

/** The turn that a request has, or waits for. */
export class HeldTurn {
  #turn: Turn | null = null;

  /**
   * Requires the turn to go on. Where it has to be waited for that is done outside of the transaction, which is then
   * begun anew: call this before anything that is a pity to do twice.
   */
  require(key: string): void {
    if (this.#turn?.key === key) return;
    this.pass();
    this.#turn = takeTurn(key);
    if (!this.#turn) throw new TurnTakenError(key);
  }

  /**
   * Does work, and again when the turn has come that it had to wait for.
   *
   * @throws {UnavailableError} where that does not come in time.
   */
  async taken<Result>(work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof TurnTakenError)) throw error;
        this.#turn = await awaitTurn(oneAtATime(error.key));
        if (!this.#turn) throw new UnavailableError(error);
      }
    }
  }

  /**
   * Waits for the turn of what is begun.
   *
   * @throws {UnavailableError} where that does not come in time.
   */
  async await(turns: Turns): Promise<void> {
    this.pass();
    this.#turn = await awaitTurn(turns);
    if (!this.#turn) throw new UnavailableError();
  }

  pass(): void {
    this.#turn?.pass();
    this.#turn = null;
  }
}
