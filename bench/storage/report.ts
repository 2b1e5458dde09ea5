import type { Spread } from "./measure.ts";
import type { Growth } from "./growth.ts";
import type { Finding } from "./speed.ts";
import type { Fit, Reading } from "./wide.ts";

/** A median with its quartiles: `1.04 (0.98–1.10)`. */
export const shown = ({ low, mid, high }: Spread): string =>
  `${figure(mid)} (${figure(low)}–${figure(high)})`;

function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A Markdown table with columns of equal width. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, at) =>
    Math.max(title.length, ...body.map((row) => row[at]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/** The comparison of the shapes: a line for each question, a column for each shape. */
export function comparison(findings: readonly Finding[], shapes: readonly string[]): string {
  const [first = "", ...others] = shapes;
  return table(
    ["question", `${first} (ms)`, ...others.map((name) => `${name} ×`)],
    findings.map(({ question, baseline, ratios }) => [
      question.name,
      shown(baseline),
      ...others.map((name) => {
        const found = ratios.get(name);
        return found ? shown(found) : "—";
      }),
    ]),
  );
}

/** What 1,000 further datasets cost: a line for each shape and piece of work. */
export const growth = (growths: readonly Growth[], datasets: number): string =>
  table(
    ["shape", "work", "alone (ms)", `with ${datasets} further datasets ×`],
    growths.map(({ store, work, alone, crowded }) => [store, work, shown(alone), shown(crowded)]),
  );

/** Which rows of 1,000 filled text columns fit, and how to read them. */
export const width = (fits: readonly Fit[], { cellByCell, unpackedOnce }: Reading): string =>
  `${table(
    ["1,000 cells of", "1,000 native columns", "250 native columns and overflow"],
    fits.map(({ characters, native, overflow }) => [`${characters} characters`, native, overflow]),
  )}
Reading 750 overflowing cells of a row, ms: ${figure(cellByCell)} one by one through the view, ` +
  `${figure(unpackedOnce)} from the object unpacked once.`;
