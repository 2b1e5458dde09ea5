/**
 * Plants bugs in the code that authorizes, one at a time in a copy of the project, and runs the tests that
 * have to see each: `npm run prove:mutants`, or some of them: `npm run prove:mutants -- --of identity`. Ends with a table and the score; with 1 where one was not seen.
 */
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { postgresServer } from "../../support/postgres-server.ts";
import { BESIDES_MUTANTS } from "./besides-mutants.ts";
import { DECISION_MUTANTS } from "./decision-mutants.ts";
import { DPOP_MUTANTS } from "./dpop-mutants.ts";
import { ENFORCEMENT_MUTANTS } from "./enforcement-mutants.ts";
import { EXPORT_MUTANTS } from "./export-mutants.ts";
import { IMPORT_MUTANTS } from "./import-mutants.ts";
import { KEY_MUTANTS } from "./key-mutants.ts";
import { LOG_MUTANTS } from "./log-mutants.ts";
import { IDENTITY_MUTANTS } from "./identity-mutants.ts";
import type { Edit, Mutant } from "./mutant.ts";
import { OUTSIDE_MUTANTS } from "./outside-mutants.ts";
import { USER_MUTANTS } from "./user-mutants.ts";
import { TOKEN_MUTANTS } from "./token-mutants.ts";

const PROJECT = new URL("../../..", import.meta.url).pathname;
const COPIED = [
  "src",
  "test",
  "prisma",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "schema.graphql",
  "codegen.ts",
];
const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  decision: DECISION_MUTANTS,
  enforcement: ENFORCEMENT_MUTANTS,
  besides: BESIDES_MUTANTS,
  export: EXPORT_MUTANTS,
  import: IMPORT_MUTANTS,
  log: LOG_MUTANTS,
  identity: IDENTITY_MUTANTS,
  user: USER_MUTANTS,
  key: KEY_MUTANTS,
  token: TOKEN_MUTANTS,
  dpop: DPOP_MUTANTS,
  outside: OUTSIDE_MUTANTS,
};

const { values: options } = parseArgs({ options: { of: { type: "string", multiple: true } } });
const planted = Object.entries(MUTANTS)
  .filter(([name]) => options.of?.includes(name) ?? true)
  .flatMap(([, mutants]) => mutants);

/** Tests that ask a database ask one of them: what is planted is the same on both. */
const DATABASE = (await postgresServer()) ? "PostgreSQL" : "PGlite";
const PROJECTS = ["pure", DATABASE, `${DATABASE}, apart`];

function aCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const name of COPIED) cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs test files until the first that is red. @returns Whether all were green. */
async function isGreen(folder: string, tests: readonly string[]): Promise<boolean> {
  const projects = PROJECTS.flatMap((name) => ["--project", name]);
  const run = ["run", "--config", "test/vitest.config.ts", "--bail", "1", ...projects, ...tests];
  const child = spawn(process.execPath, [join(PROJECT, "node_modules/vitest/vitest.mjs"), ...run], {
    cwd: folder,
    stdio: "ignore",
  });
  const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
  return code === 0;
}

/** Makes the copy wrong in one place. @returns What makes it right again. */
function plant(folder: string, { file, from, to }: Edit): () => void {
  const path = join(folder, file);
  const whole = readFileSync(path, "utf8");
  if (whole.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
  return () => writeFileSync(path, whole);
}

/** @returns How many seconds it took to see the bug; null where it was not seen. */
async function seen(folder: string, { tests, also = [], ...edit }: Mutant): Promise<number | null> {
  const begun = performance.now();
  const mend = [edit, ...also].map((each) => plant(folder, each));
  try {
    return (await isGreen(folder, tests)) ? null : (performance.now() - begun) / 1_000;
  } finally {
    for (const one of mend.toReversed()) one();
  }
}

const begun = performance.now();
const folder = aCopy();
try {
  const tests = [...new Set(planted.flatMap((mutant) => mutant.tests))];
  const gone = tests.filter((test) => !existsSync(join(folder, test)));
  if (gone.length > 0) throw new Error(`There is no ${gone.join()}.`);
  if (!(await isGreen(folder, tests))) throw new Error("The tests are red without any bug.");
  let score = 0;
  for (const mutant of planted) {
    const seconds = await seen(folder, mutant);
    if (seconds !== null) score += 1;
    const verdict = seconds === null ? "NOT SEEN" : `seen in ${seconds.toFixed(0)} s`;
    console.log(`${verdict.padEnd(12)} ${mutant.file.padEnd(40)} ${mutant.name}`);
  }
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  console.log(`${score} of ${planted.length} planted bugs seen, on ${DATABASE}, in ${seconds} s`);
  if (score < planted.length) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
