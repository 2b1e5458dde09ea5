/** Does a piece of work in the background, one round after the other with a rest before each, until it is stopped. */
export class Rounds {
  readonly #work: () => Promise<void>;
  readonly #restMs: number;
  readonly #tellError: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** @param tellError Hears of a round that failed; the next is begun all the same. */
  constructor(
    work: () => Promise<void>,
    { restMs, tellError }: { restMs: number; tellError: (error: unknown) => void },
  ) {
    this.#work = work;
    this.#restMs = restMs;
    this.#tellError = tellError;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#work()
        .catch(this.#tellError)
        .then(() => this.start());
    }, this.#restMs).unref();
  }

  /** Begins no further round, and waits for the one of the moment. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#round;
  }
}
