import { figure, shown, table } from "../table.ts";
import type { Growth } from "./growth.ts";
import type { Finding } from "./speed.ts";
import type { Fit, Reading } from "./wide.ts";

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
