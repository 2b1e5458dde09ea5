import { setTimeout } from "node:timers/promises";
import { failureOf } from "../db/errors.ts";
import { MovedError } from "./errors.ts";

/** How often a mutation is done again when another transaction was in its way. */
const TRIES = 5;

/** Failures after which the same work may succeed: what was in the way is seen by the next attempt. */
const PASSING = new Set(["RETRY", "DUPLICATE", "REFERENCE"]);

/**
 * Does work that may lose to another transaction, again as a whole until it does not.
 *
 * @param attempt Is told how often it lost before.
 */
export async function retried<Result>(attempt: (lost: number) => Promise<Result>): Promise<Result> {
  for (let lost = 0; ;) {
    try {
      return await attempt(lost);
    } catch (error) {
      lost += 1;
      if (lost === TRIES || !isPassing(error)) throw error;
      // By chance longer from time to time, so that two in each other's way part.
      await setTimeout(Math.random() * 10 * 2 ** lost);
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof MovedError || PASSING.has(failureOf(error) ?? "");
}
