/**
 * Compares the reference, the access plan and the readable view over very many random cells and writes, on
 * PostgreSQL: `npm run prove -- --cells 20000000`. Ends in one line: cells, writes, seeds, seconds,
 * disagreements. With `--seed` it draws what it drew before.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { cells: { type: "string", default: "20000000" }, seed: { type: "string" } },
});

const { seed } = values;
const PROVING = {
  ...process.env,
  PROVE_CELLS: values.cells,
  ...(seed !== undefined && { PROVE_SEED: seed }),
};
const RUN = [
  "run",
  "--config",
  "test/vitest.config.ts",
  "--project",
  "PostgreSQL",
  "test/db/cells.test.ts",
];

const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", ...RUN], {
  env: PROVING,
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(child, "exit") as Promise<[number | null]>;
let last = "";
for await (const line of createInterface(child.stdout)) {
  console.log(line);
  if (line.includes("disagreements")) last = line;
}
const [code] = await ended;
process.exitCode = code ?? 1;
console.log(last || "It did not end well: see above for the seed and what did not agree.");
