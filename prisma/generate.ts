import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Generates Prisma's client and Pothos' types from `schema.prisma`, unless they are up to date.
 *
 * Generating asks for the path of a schema engine and never runs it; naming any program spares the
 * download of one.
 */
const SCHEMA = new URL("schema.prisma", import.meta.url);
const LOCKFILE = new URL("../package-lock.json", import.meta.url);
const CONFIG = fileURLToPath(new URL("prisma.config.ts", import.meta.url));
const STAMP = new URL("../src/db/generated/.stamp", import.meta.url);

const require = createRequire(import.meta.url);
// Where Prisma looks for the generators, and they for node; npm names both, not everybody else does.
const programs = [
  fileURLToPath(new URL("../node_modules/.bin", import.meta.url)),
  dirname(process.execPath),
];
const prisma = join(dirname(require.resolve("prisma/package.json")), "build", "index.js");
const stamp = createHash("sha256")
  .update(readFileSync(SCHEMA))
  .update(readFileSync(LOCKFILE))
  .digest("hex");
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== stamp) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [prisma, "generate", "--config", CONFIG, "--no-hints"],
    {
      env: {
        ...process.env,
        PATH: [...programs, process.env["PATH"]].join(delimiter),
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      },
      encoding: "utf8",
    },
  );
  if (status !== 0) {
    process.stderr.write(stdout + stderr);
    process.exit(1);
  }
  writeFileSync(STAMP, stamp);
}
