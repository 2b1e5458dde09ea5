/**
 * Things that are done one at a time in this process. Whoever waits for its turn holds no transaction meanwhile,
 * and so no connection; between processes the database has a lock of its own.
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

/** Of each turn that somebody has, those who wait for it, in the order in which they came. */
const waiting = new Map<string, (() => void)[]>();

/** Takes a turn; null: somebody has it. */
export function takeTurn(key: string): Turn | null {
  if (waiting.has(key)) return null;
  waiting.set(key, []);
  return { key, pass: () => passOn(key) };
}

/** How many wait for one turn at most, and for how long: each holds what it was sent. */
const MOST_WAITING = 100;
const PATIENCE_MS = 60_000;

/** Waits for a turn; null where too many wait for it, or it does not come in time. */
export async function awaitTurn(key: string): Promise<Turn | null> {
  const free = takeTurn(key);
  if (free) return free;
  const others = waiting.get(key) ?? [];
  if (others.length >= MOST_WAITING) return null;
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
  const next = waiting.get(key)?.shift();
  if (next) next();
  else waiting.delete(key);
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
        this.#turn = await awaitTurn(error.key);
        if (!this.#turn) throw new UnavailableError(error);
      }
    }
  }

  pass(): void {
    this.#turn?.pass();
    this.#turn = null;
  }
}
