import type { Ended, FreshClone, Running } from "./fresh-clone.ts";

/** One thing that somebody does, and what there is to say of how it went. */
export interface Step {
  readonly name: string;
  readonly run: (hour: Hour) => Promise<string>;
}

/** The keys of the demo, by their names. */
export type Keys = Readonly<Record<string, string>>;

/** What is known at one moment of the hour. */
export class Hour {
  readonly clone: FreshClone;
  server: Running | null = null;
  keys: Keys = {};
  readonly #begun = performance.now();

  constructor(clone: FreshClone) {
    this.clone = clone;
  }

  get seconds(): number {
    return (performance.now() - this.#begun) / 1_000;
  }

  /** Does a step and says how long it took. */
  async do({ name, run }: Step): Promise<void> {
    const begun = performance.now();
    const seen = await run(this);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    this.say(`${seconds.padStart(6)} s  ${name}: ${seen}`);
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** Asks the server with one of the demo's keys, or with the text of another. */
  async ask(key: string, query: string): Promise<Answer> {
    const response = await fetch(`${this.server?.address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": this.keys[key] ?? key },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  }

  async end(): Promise<void> {
    await this.server?.stop();
    this.server = null;
  }
}

/** What the API answers. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions: { code: string } }[];
}

/** The words of the first error, which has to be there with this code. */
export function errorIn({ errors = [] }: Answer, code: string): string {
  const [error] = errors;
  hold(error?.extensions.code === code, `the answer is ${code}: ${JSON.stringify(errors)}`);
  return error?.message ?? "";
}

/** Fails the hour where something is not as it should be. */
export function hold(isTrue: boolean, rule: string): void {
  if (!isTrue) throw new Error(rule);
}

/** What a command says that is refused: the last of it, on one line. */
export function refusalIn({ code, stdout, stderr }: Ended, words: RegExp): string {
  hold(code === 1 && words.test(stderr), `it is refused with ${words}: ${stdout}${stderr}`);
  hold(!/^\s+at /m.test(stderr), `it is refused without a stack: ${stderr}`);
  const said = stderr
    .trim()
    .split("\n")
    .filter((line) => !/^(reading|writing) \d+ %$/.test(line));
  return said.slice(0, 2).join(" ").slice(0, 160);
}
