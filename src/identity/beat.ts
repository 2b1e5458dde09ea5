import { setImmediate, setTimeout } from "node:timers/promises";

/** How many milliseconds lie between two moments at which refusals are answered. */
const BEAT_MS = 20;

/** By how many milliseconds a timer may come late. */
const TIMER_MS = 1.5;

/**
 * Waits for the next of the moments after the beginning of a request at which refusals are answered. What was wrong
 * with a credential decides what had to be looked up, and so how long that took: nobody learns it by the time.
 *
 * @param begun When the request began, as `performance.now()` told.
 */
export async function awaitBeat(begun: number): Promise<void> {
  const beats = Math.ceil((performance.now() - begun) / BEAT_MS);
  const end = begun + beats * BEAT_MS;
  const rest = end - performance.now() - TIMER_MS;
  if (rest >= 1) await setTimeout(rest);
  // A timer keeps of the moment at which it was set the part below a millisecond.
  while (performance.now() < end) await setImmediate();
}
