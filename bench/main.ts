/**
 * Measures what README promises, as ratios to what does the same without GraphQL and without authorization.
 * Runs on PostgreSQL (`DATABASE_URL`, or the server of this machine) and, for the line `embedded` and where
 * there is no server, on the embedded database. Makes databases of its own and drops them. Ends with 1 where
 * a figure is missed on a machine that has four cores free. `--only latency,create` measures these lines
 * alone, `--rows` and `--large` make the tables smaller, `--plot` draws the pictures of README anew.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { postgresServer } from "../test/support/postgres-server.ts";
import { type Figure, isMet } from "./figure.ts";
import { inTurn } from "./in-turn.ts";
import { LINES, measure, type Plans } from "./lines.ts";
import { described, isFree, summary, thisMachine } from "./machine.ts";
import { HOW_TO_INSTALL, isInstalled } from "./peers/installed.ts";
import { draw } from "./plot.ts";
import { progress } from "./progress.ts";
import { report } from "./report.ts";
import { rowsOfRegion } from "./requests/orders.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: LINES.join() },
    rows: { type: "string", default: "100000" },
    large: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "9" },
    plot: { type: "boolean", default: false },
    pglite: { type: "boolean", default: false },
  },
});

function wholeNumber(option: "rows" | "large" | "rounds"): number {
  const number = Number(values[option]);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new Error(`--${option} takes a whole number from 1.`);
}

const only = values.only.split(",");
const unknown = only.filter((name) => !LINES.includes(name));
if (unknown.length > 0) throw new Error(`--only takes ${LINES.join()}, and not ${unknown.join()}.`);

const server = values.pglite ? null : await postgresServer("DATABASE_URL");
const machine = thisMachine(server?.version ?? null);
const { say, end } = progress();
// The servers are ended by the same key; what they leave behind is taken away before this ends too.
let isInterrupted = false;
process.once("SIGINT", () => {
  isInterrupted = true;
  say("stopping");
});
const rows = wholeNumber("rows");
const plan: Plans = {
  postgres: server?.url ?? null,
  rows,
  large: wholeNumber("large"),
  sizes: [1, 100, 1_000, 10_000].filter((size) => size <= rowsOfRegion(rows)),
  effort: { rounds: wholeNumber("rounds"), turns: 50, patience: 400 },
  warmUp: { rounds: 1, turns: 500, patience: 800 },
  say,
};
/** Leaves what is drawn of a figure for README. */
async function plotted({ plot }: Figure): Promise<void> {
  if (!plot) return;
  const folder = new URL("../docs/figures/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${plot.name}.svg`, folder), await draw(plot, summary(machine)));
}

process.stdout.write(`${described(machine)}\n`);
if (!isInstalled()) process.stdout.write(`${HOW_TO_INSTALL}\n`);
process.stdout.write("\n");
try {
  const figures: Figure[] = [];
  await measure(only, plan, (figure) => {
    end();
    process.stdout.write(report(figure));
    figures.push(figure);
  });
  if (values.plot) await inTurn(figures, plotted);
  const isMissed = figures.some(({ findings }) => !findings.every(isMet));
  if (isMissed && isFree(machine)) process.exitCode = 1;
} catch (error) {
  if (!isInterrupted) throw error;
  process.exitCode = 130;
} finally {
  end();
}
