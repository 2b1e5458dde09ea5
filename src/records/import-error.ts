/** Why a file cannot be read on; nothing of it is kept. */
export class ImportError extends Error {
  override name = "ImportError";
  /** Where in the file, such as `line 12`; null for the file as a whole. */
  readonly at: string | null;
  readonly reason: string;

  constructor(at: string | null, reason: string, options?: ErrorOptions) {
    super(at === null ? reason : `${at}: ${reason}`, options);
    this.at = at;
    this.reason = reason;
  }
}

/** Told where a record cannot be used, and why. */
export type OnBad = (at: string, reason: string) => void;

/** Faults that a message lists; the others it counts. */
const LISTED = 20;

/** Reasons as one sentence: the first of them, and how many others there are. */
export function listedReasons(reasons: readonly string[], most = LISTED): string {
  const others = reasons.length - most;
  const more = others > 0 ? [`and ${others} more`] : [];
  return [...reasons.slice(0, most), ...more].join("; ");
}

/** Gathers what is wrong with the records of a file, so that it is put right in one round. */
export class FaultyRecords {
  readonly #first: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(at: string, reason: string): void {
    this.#count += 1;
    if (this.#count <= LISTED) this.#first.push(`${at}: ${reason}`);
  }

  /** Throws ImportError that lists the first and counts the others, unless there are none. */
  refuse(): void {
    if (this.#count === 0) return;
    const others = this.#count - this.#first.length;
    const more = others > 0 ? [`… and ${others} more`] : [];
    throw new ImportError(null, [...this.#first, ...more].join("\n"));
  }
}
