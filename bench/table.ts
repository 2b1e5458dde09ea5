import type { Spread } from "./measure.ts";

/** A median with its quartiles: `1.04 (0.98–1.10)`. */
export const shown = ({ low, mid, high }: Spread): string =>
  `${figure(mid)} (${figure(low)}–${figure(high)})`;

/** A number in three digits or so. */
export function figure(value: number): string {
  if (value >= 100) return number(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A whole number with a comma between its thousands. */
export const number = (value: number): string => value.toLocaleString("en");

/** A Markdown table with columns of equal width. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...body.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
