import type { Spread } from "./measure.ts";
import { shown } from "./table.ts";

/** What a ratio has to be, at most or at least, and what it would be better still. */
export interface Reach {
  readonly bound: "≤" | "≥";
  readonly reach: number;
  readonly stretch?: number;
}

/** One thing measured that has something to reach. */
export interface Finding {
  readonly work: string;
  readonly measured: Spread;
  /** What it is counted in, with a space before it where there is one. */
  readonly unit: string;
  readonly reach: Reach;
}

/** One series of a plot: a name, and a value for each place on the axis; null: none. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** What is drawn of a figure. */
export interface Plot {
  /** The name of its file. */
  readonly name: string;
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly series: readonly Series[];
}

/** What one line of figures found. */
export interface Figure {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly plot?: Plot;
}

/** Whether a finding keeps its bound. */
export const isMet = ({ measured: { mid }, reach: { bound, reach } }: Finding): boolean =>
  keeps(mid, bound, reach);

/** What was measured, what it has to be, and whether it is, in one line. */
export function verdict(finding: Finding): string {
  const { work, measured, unit, reach: target } = finding;
  const { bound, reach, stretch } = target;
  const outcome = (limit: number) => (keeps(measured.mid, bound, limit) ? "met" : "missed");
  const stretched =
    stretch === undefined
      ? ""
      : `; stretch ${bound} ${limitOf(stretch)}${unit} ${outcome(stretch)}`;
  return `${outcome(reach).padEnd(6)} ${work}: ${shown(measured)}${unit}; reach ${bound} ${limitOf(reach)}${unit}${stretched}`;
}

const keeps = (value: number, bound: Reach["bound"], limit: number): boolean =>
  bound === "≤" ? value <= limit : value >= limit;

const limitOf = (limit: number): string =>
  limit < 10 ? String(limit) : limit.toLocaleString("en");
