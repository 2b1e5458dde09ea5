import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = new URL("../src/", import.meta.url).pathname;

/** Files that are begun and never imported; those alone do something when they are read. */
const BEGUN = new Set(["main.ts", "cli/bin.mjs", "db/embedded/pglite-worker.mjs"]);

/** What each folder may import of ours, besides itself. What is not listed here may import anything. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  authz: [],
  cell: [],
  memory: [],
  http: ["memory/"],
  records: ["cell/"],
  db: ["authz/", "cell/", "memory/"],
  identity: ["db/", "authz/", "cell/"],
  events: ["db/", "authz/"],
  graphql: ["events/", "db/", "authz/", "cell/", "memory/", "identity/message/"],
  access: ["graphql/", "db/", "authz/", "cell/", "identity/login/", "identity/secret/"],
  domain: [
    "access/",
    "graphql/",
    "events/",
    "db/",
    "authz/",
    "cell/",
    "records/",
    // How secrets, passwords and addresses are made and compared; not who is calling.
    "identity/login/",
    "identity/secret/",
    "identity/jwt/key-set-url.ts",
    "identity/jwt/trusted-issuer.ts",
  ],
};

/** The packages of those that are to be pure. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = { authz: [], cell: ["re2js"] };

interface Module {
  /** Its path below `src/`. */
  readonly path: string;
  /** The source without its comments. */
  readonly code: string;
  /** What it imports of ours, as paths below `src/`. */
  readonly ours: readonly string[];
  readonly packages: readonly string[];
}

const modules = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(ts|mjs)$/.test(path) && !path.startsWith("db/generated/"))
  .toSorted()
  .map(read);
const known = new Map(modules.map((module) => [module.path, module]));

describe("Imports point one way", () => {
  it.each(Object.entries(IMPORTS))("from %s to no more than %j", (folder, others) => {
    const astray = modules
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap(({ path, ours }) => ours.map((target) => ({ path, target })))
      .filter(({ path, target }) => !isWithin(home(path), target))
      .filter(({ target }) => !others.some((other) => target.startsWith(other)));

    expect(astray).toEqual([]);
  });

  it.each(Object.entries(PACKAGES))("%s needs no packages but %j", (folder, packages) => {
    const needed = modules
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap((module) => module.packages);

    expect(packages).toEqual(expect.arrayContaining(needed));
  });
});

it("authz/ decides: it awaits nothing, throws nothing, reads no clock, no chance and no environment", () => {
  const impure = /\b(async|await|throw|process|console|Math\.random|Date\.now|new Date\(\))/;
  const decided = modules.filter(({ path }) => path.startsWith("authz/"));

  expect(decided.length).toBeGreaterThan(0);
  expect(decided.filter(({ code }) => impure.test(code)).map(({ path }) => path)).toEqual([]);
});

it("The normal forms of Unicode are made in one place, in a time that grows no faster than the text", () => {
  const making = modules.filter(({ code }) => /\bnormalize\b/.test(code));

  expect(making.map(({ path }) => path)).toEqual(["cell/normalized.ts"]);
});

describe("schema.ts", () => {
  it("leads to every module that adds to the API: one that it forgets would be missing there", () => {
    const reached = reachedFrom("schema.ts");
    const adding = modules.filter((module) => isOfApi(module) && addsToApi(module));

    expect(adding.length).toBeGreaterThan(20);
    expect(adding.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });

  it("lists each module once", () => {
    const { ours = [] } = known.get("schema.ts") ?? {};

    expect(ours).toEqual([...new Set(ours)]);
  });
});

it("The environment is read by what is begun alone, and by the command line", () => {
  const readers = modules.filter(({ code }) => /\bprocess\.env\b/.test(code));

  expect(
    readers.map(({ path }) => path).filter((path) => !BEGUN.has(path) && !isCli(path)),
  ).toEqual([]);
});

it("Importing the source does nothing: it reads no variable, says nothing and leaves nothing open", () => {
  const paths = modules.map(({ path }) => path).filter((path) => !BEGUN.has(path));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", IMPORT_ALL, SRC, ...paths],
    { cwd: join(SRC, ".."), env: {}, encoding: "utf8", timeout: 60_000 },
  );

  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ imported: paths.length, read: [], open: [] });
});

/** Imports every module into one process, and tells which variables ours asked for and what is open. */
const IMPORT_ALL = `
  const [source, ...paths] = process.argv.slice(1);
  const read = [];
  process.env = new Proxy({}, {
    get: (_, name) => {
      const caller = new Error().stack.split("\\n")[2] ?? "";
      if (caller.includes(source) && !caller.includes("/generated/")) read.push(String(name));
    },
  });
  // The standard streams open when first looked at, as importing node:process does.
  for (const stream of ["stdin", "stdout", "stderr"]) process[stream];
  const before = process.getActiveResourcesInfo();
  for (const path of paths) await import(source + path);
  const open = process.getActiveResourcesInfo();
  for (const one of before) if (open.includes(one)) open.splice(open.indexOf(one), 1);
  const answer = JSON.stringify({ imported: paths.length, read, open });
  process.stdout.write(answer, () => process.exit());
`;

function read(path: string): Module {
  const code = readFileSync(join(SRC, path), "utf8")
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/^\s*\/\/.*$/gm, "");
  const targets = [...code.matchAll(/(?:\bfrom|\bimport\(?) ?"([^"]+)"/g)].map(([, to = ""]) => to);
  return {
    path,
    code,
    ours: targets.filter((to) => to.startsWith(".")).map((to) => join(dirname(path), to)),
    packages: targets.filter((to) => !to.startsWith(".")),
  };
}

/** What a module may import freely: its folder, or in `domain/` that of its own thing. */
function home(path: string): string {
  const [folder = "", thing = ""] = path.split("/");
  return folder === "domain" ? join(folder, thing) : folder;
}

function isWithin(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`);
}

function isOfApi({ path }: Module): boolean {
  return path.startsWith("domain/") || path.startsWith("graphql/");
}

function isCli(path: string): boolean {
  return path.startsWith("cli/");
}

/** Whether reading the module adds types, fields or ways for `node` to find things. */
function addsToApi({ code, ours }: Module): boolean {
  const builds = ours.includes("graphql/builder.ts") && /\bbuilder\.\w/.test(code);
  return builds || /\.implement\(|\bfindNodesOf\(|\bconnectionOf\(/.test(code);
}

function reachedFrom(start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const path of reached) for (const next of known.get(path)?.ours ?? []) reached.add(next);
  return reached;
}
