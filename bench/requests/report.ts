import process from "node:process";
import type { Spread } from "../measure.ts";
import { shown, table } from "../table.ts";
import { type Comparison, type Plan, rowsOf } from "./compare.ts";
import { asked, orderColumns } from "./orders.ts";

/** Where so many cores are not free, the client, both servers and the database wait for each other. */
const CORES = 4;

/** What was measured on what, as Markdown. */
export function report(comparison: Comparison, { rows, sizes, effort }: Plan): string {
  const { cores, load, database } = comparison.machine;
  const what = `${rowsOf(rows)} × ${orderColumns.length} columns; ${asked.length} columns of each row are asked for, one request at a time; ${effort.rounds} rounds`;
  const head = sizes.map(rowsOf);
  return [
    `${cores} cores, load ${load.toFixed(1)} at the start; Node ${process.versions.node}; ${database}`,
    ...(cores - load < CORES
      ? [`Fewer than ${CORES} cores were free: read the ratios loosely.`]
      : []),
    what,
    "",
    "Times as long as the bare server: the median of the rounds, and their quartiles",
    "",
    ratios(comparison, sizes, head),
    "",
    "Statements that one request sends; in brackets, those of them that begin or end a transaction",
    "",
    statements(comparison, sizes, head),
  ].join("\n");
}

function ratios({ bare, findings }: Comparison, sizes: readonly number[], head: string[]): string {
  const milliseconds = sizes.map((first) => shown(bare.get(first) ?? NONE));
  const lines = byEndpoint(findings).map(([name, found]) => [
    `Fieldgate, ${name}`,
    ...found.map(({ ratio }) => shown(ratio)),
  ]);
  return table(
    ["×", ...head],
    [["bare server", ...sizes.map(() => "1.00")], ...lines, ["bare server, ms", ...milliseconds]],
  );
}

const NONE: Spread = { low: Number.NaN, mid: Number.NaN, high: Number.NaN };

function statements({ findings }: Comparison, sizes: readonly number[], head: string[]): string {
  const lines = byEndpoint(findings).map(([name, found]) => [
    `Fieldgate, ${name}`,
    ...found.map(({ statements: all, frames }) => `${all} (${frames})`),
  ]);
  return table(["statements", ...head], [["bare server", ...sizes.map(() => "1 (0)")], ...lines]);
}

/** The findings of each way of asking, in the order of the sizes. */
function byEndpoint(findings: Comparison["findings"]) {
  const names = [...new Set(findings.map(({ endpoint }) => endpoint))];
  return names.map((name) => [name, findings.filter(({ endpoint }) => endpoint === name)] as const);
}
