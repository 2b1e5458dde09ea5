/**
 * Things that are done one at a time in this process. Whoever waits for its turn holds no transaction meanwhile,
 * and so no connection; between processes the database has a lock of its own.
 *
 * @module
 */

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

/** Waits for a turn. */
export async function awaitTurn(key: string): Promise<Turn> {
  const free = takeTurn(key);
  if (free) return free;
  await new Promise<void>((resolve) => waiting.get(key)?.push(resolve));
  return { key, pass: () => passOn(key) };
}

function passOn(key: string): void {
  const next = waiting.get(key)?.shift();
  if (next) next();
  else waiting.delete(key);
}
