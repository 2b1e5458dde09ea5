/* oxlint-disable typescript/no-unsafe-assignment, typescript/require-array-sort-compare -- the types of plain JavaScript are not known */
// Plain JavaScript: it is what makes the rest so, since this Node does not read TypeScript by itself.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(ROOT, "node_modules/.cache/fieldgate");

/** What generates a part of the sources, and what decides which packages there are. */
const BESIDES = ["prisma/generate.ts", "prisma/schema.prisma", "package-lock.json"];

/**
 * The program as a few files of JavaScript, made where it was not made of these very sources before: to read
 * each source for itself took every start three times as long.
 *
 * @returns {Promise<string>} the path of the file that runs it
 */
export async function bundled() {
  const folder = join(CACHE, stampOfSources());
  if (!existsSync(folder)) await bundle(folder);
  return join(folder, "main.js");
}

/** @returns {string} another one for each state of the sources, and for each place of them */
function stampOfSources() {
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(ts|mjs)$/.test(path) && !/^db.(generated|pothos-types)/.test(path))
    .map((path) => join("src", path))
    .toSorted();
  const hash = createHash("sha256").update(ROOT);
  sources.push(...BESIDES);
  for (const path of sources) {
    hash.update(`\n${path}\n`).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest("hex").slice(0, 32);
}

/**
 * It is made beside its place and renamed, so that whoever finds it finds the whole of it.
 *
 * @param {string} folder
 */
async function bundle(folder) {
  generate();
  mkdirSync(CACHE, { recursive: true });
  const making = mkdtempSync(join(CACHE, "making-"));
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/main.ts"],
    outdir: making,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "error",
    plugins: [inPlace],
  });
  try {
    renameSync(making, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
}

function generate() {
  const script = join(ROOT, "prisma/generate.ts");
  const { status } = spawnSync(process.execPath, ["--import", "tsx", script], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) process.exit(1);
}

/** Has every source look for the files beside it where it is itself. */
const inPlace = {
  name: "in place",
  /** @param {import("esbuild").PluginBuild} build */
  setup: (build) =>
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll(
        "import.meta.url",
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: "ts",
      resolveDir: dirname(path),
    })),
};
