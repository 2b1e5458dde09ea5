/** How much of something goes on at once: in all, and at most half of it for one and the same. */
export class Bound {
  readonly #most: number;
  readonly #taken = new Map<string, number>();
  #all = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes a place. @returns What gives it back; null where there is none. */
  take(whose: string): (() => void) | null {
    const own = this.#taken.get(whose) ?? 0;
    if (this.#all >= this.#most || own >= this.#most / 2) return null;
    this.#count(whose, 1);
    return () => this.#count(whose, -1);
  }

  #count(whose: string, by: number): void {
    const own = (this.#taken.get(whose) ?? 0) + by;
    this.#all += by;
    if (own > 0) this.#taken.set(whose, own);
    else this.#taken.delete(whose);
  }
}
