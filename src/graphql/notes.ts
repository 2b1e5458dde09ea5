import type { Rights } from "../authz/rights.ts";
import type { Happening } from "../events/event.ts";

/** What a request has to have written to the log when it is done, by who did it. */
export class Notes {
  readonly #byDoer = new Map<Rights, Happening[]>();
  readonly #noted = new Set<string>();

  get byDoer(): ReadonlyMap<Rights, readonly Happening[]> {
    return this.#byDoer;
  }

  add(doer: Rights, happening: Happening): void {
    this.#byDoer.set(doer, [...(this.#byDoer.get(doer) ?? []), happening]);
  }

  /** The same, of what is told once however often it happens in a request. */
  addOnce(doer: Rights, happening: Happening): void {
    const key = JSON.stringify([happening.name, happening.outcome, happening.target]);
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.add(doer, happening);
  }
}
