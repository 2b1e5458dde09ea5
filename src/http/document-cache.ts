/**
 * Remembers what documents were parsed to, the last used longest, up to a total length of their texts.
 * A parsed document takes about a hundred times its text, so that a count of documents would bound nothing.
 */
export class DocumentCache<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #budget: number;
  #length = 0;

  /** @param budget in characters; a document that takes more than a tenth of it is not kept. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  get(text: string): Value | undefined {
    const value = this.#entries.get(text);
    if (value === undefined) return undefined;
    this.#entries.delete(text);
    this.#entries.set(text, value);
    return value;
  }

  set(text: string, value: Value): void {
    if (text.length > this.#budget / 10 || this.#entries.has(text)) return;
    this.#entries.set(text, value);
    this.#length += text.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#length <= this.#budget) return;
      this.#entries.delete(oldest);
      this.#length -= oldest.length;
    }
  }
}
