import type { Figure } from "../figure.ts";
import type { LargeScene } from "../requests/large-scene.ts";
import { rowsOf } from "../requests/scene.ts";
import { figure, number } from "../table.ts";

/** How many rows a second the import of a file wrote, what Fieldgate keeps of every write included. */
export function imported({ rows, importMs }: LargeScene): Figure {
  const seconds = importMs / 1_000;
  const perSecond = Math.round(rows / seconds);
  return {
    title: "Import of a CSV file of 10 columns",
    text: `${rowsOf(rows)} in ${figure(seconds)} s: ${number(perSecond)} rows a second`,
    findings: [
      {
        work: `import of ${rowsOf(rows)}, once`,
        measured: { low: perSecond, mid: perSecond, high: perSecond },
        unit: " rows/s",
        reach: { bound: "≥", reach: 20_000 },
      },
    ],
  };
}
