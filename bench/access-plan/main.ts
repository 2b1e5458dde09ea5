/**
 * Measures the decision about one large dataset: how long its plan takes to compile, and how long the SQL of
 * its readable view is. Ends with 1 when a limit is missed. Asks no database.
 */
import process from "node:process";
import { valuesFor } from "../../src/access/variables.ts";
import { accessPlan, boundPlan } from "../../src/authz/access-plan.ts";
import { readableView } from "../../src/db/readable-view.ts";
import { definition, guarded, rights, WORDS } from "./large-dataset.ts";

const MOST_MS = 5;
const MOST_BYTES = 64 * 1_024;
const RUNS = 500;

const now = new Date();
const times: number[] = [];
const planned = () =>
  boundPlan(accessPlan(rights, guarded), valuesFor(definition, rights.variables, now));
let plan = planned();
for (let run = 0; run < RUNS; run += 1) {
  const began = performance.now();
  plan = planned();
  times.push(performance.now() - began);
}
const sorted = times.toSorted((one, other) => one - other);
const median = sorted[Math.floor(RUNS / 2)] ?? 0;
const { text, values } = readableView({ definition, plan });
const bytes = Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(values));

console.log(
  `${WORDS}: ` +
    `compiled in ${median.toFixed(2)} ms (median of ${RUNS}; at most ${MOST_MS}), ` +
    `SQL of ${(bytes / 1_024).toFixed(1)} kB (at most ${MOST_BYTES / 1_024}), ` +
    `${plan.READ.length} branches of READ.`,
);
if (median > MOST_MS || bytes > MOST_BYTES) process.exitCode = 1;
