/**
 * Measures what GraphQL and authorization cost a request: how many times as long it takes as the same
 * rows from a server without either. Runs on PostgreSQL (`DATABASE_URL`, or the server of this machine)
 * or, where there is none and with `--pglite`, on the embedded database. Makes databases of its own and
 * drops them.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { postgresServer } from "../../test/support/postgres-server.ts";
import { compare, type Plan } from "./compare.ts";
import { progress } from "./progress.ts";
import { report } from "./report.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    pglite: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error("--rounds takes a whole number from 1.");

const server = values.pglite ? null : await postgresServer("DATABASE_URL");
const { say, end } = progress();
// The servers are ended by the same key; what they leave behind is taken away before this ends too.
let isInterrupted = false;
process.once("SIGINT", () => {
  isInterrupted = true;
  say("stopping");
});
const plan: Plan = {
  postgres: server?.url ?? null,
  rows: 100_000,
  sizes: [1, 100, 1_000, 10_000],
  effort: { rounds, turns: 50, patience: 400 },
  warmUp: { rounds: 1, turns: 500, patience: 800 },
  say,
};
try {
  const comparison = await compare(plan);
  end();
  process.stdout.write(`${report(comparison, plan)}\n`);
} catch (error) {
  if (!isInterrupted) throw error;
  process.exitCode = 130;
} finally {
  end();
}
