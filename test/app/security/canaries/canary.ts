import { createHash } from "node:crypto";

/** A secret that is nowhere else in the world, so that wherever it is found it came from where it was used. */
export interface Canary {
  /** What it is of. */
  readonly of: string;
  /** All of it, as it is presented. */
  readonly text: string;
  /** Whether it is told by its form, wherever it is sent. Of others that holds where they belong alone. */
  readonly isTold: boolean;
  /** Whether it is stored as it is. */
  readonly isKept?: boolean;
  /** What is stored in its place besides its SHA-256, where that is known. */
  readonly stored?: readonly string[];
}

/** How many characters of the beginning and the end may be shown or mistyped. */
const EDGE = 12;

/** What is looked for in the place of a canary: most of it, and its hashes as they may be written. */
export function tracesOf({ text, stored = [] }: Canary): string[] {
  const middle = text.slice(EDGE, Math.max(text.length - EDGE, EDGE + 8));
  const hash = createHash("sha256").update(text).digest();
  const hashes = (["hex", "base64", "base64url"] as const).map((form) => hash.toString(form));
  return [middle, ...hashes, ...stored];
}

/** Where something was written down, and what. */
export interface Written {
  readonly where: string;
  readonly text: string;
}

/** Where traces of canaries are: each place once, and of what. */
export function found(canaries: readonly Canary[], places: readonly Written[]): string[] {
  const traces = canaries.flatMap((canary) =>
    tracesOf(canary).map((trace) => ({ of: canary.of, trace })),
  );
  const astray = places.flatMap(({ where, text }) =>
    traces.filter(({ trace }) => text.includes(trace)).map(({ of }) => `${of} in ${where}`),
  );
  return [...new Set(astray)];
}
