import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BrowserReporter } from "./support/browser-reporter.ts";
import { DatabasesReporter } from "./support/databases-reporter.ts";
import { proofSize } from "./support/proof-size.ts";
import { postgresServer } from "./support/postgres-server.ts";

/** Tests of pages. They start a server of their own, on the embedded database. */
const BROWSER = "test/app/browser/**/*.test.ts";

/** Tests that ask a database; they run once on each that there is. */
const ASKING = ["test/domain/**/*.test.ts", "test/db/*.test.ts", "test/app/**/*.test.ts"];

/** Tests of what the columns of a file are, which ask for no more. */
const FILES = "test/domain/import/**/*.test.ts";

/** Tests of code that asks none. Those of the embedded database and of the bench open their own. */
const PURE = [
  "test/*.test.ts",
  "test/{authz,bench,cell,cli,events,graphql,http,identity,memory,records,reference}/**/*.test.ts",
  "test/db/{embedded,row-bytes}/**/*.test.ts",
  FILES,
];

const server = await postgresServer();

const SETUP = {
  PGlite: "test/support/pglite-setup.ts",
  PostgreSQL: "test/support/postgres-setup.ts",
};

/** Tests that put something else in the place of a module, and so share none with other tests. */
const APART = ["test/**/*.apart.test.ts"];

/** Long proofs about answers, which come from the same code on both databases: they are run on one of them. */
const ONCE = ["test/app/security/{canaries,explained,probes,twin-grammar,twin-users}.test.ts"];

/** Tests that begin or kill processes, measure, or ask thousands of documents: the quick run leaves them to the whole one. */
const LONG = [
  "test/app/cli/{demo,export,identity-page,import}.test.ts",
  "test/app/kill-*.test.ts",
  "test/app/security/{canaries,explained,first-use,outside-revocation,probes,strangers,token-revocation}.test.ts",
  "test/app/security/twin*.test.ts",
  "test/bench/{lines,profile}.test.ts",
  "test/domain/access-token/bad-proofs.test.ts",
  "test/domain/issuer/bad-jwts.test.ts",
  "test/db/embedded/open-folder.test.ts",
];

/** What the quick run asks of the embedded database where it asks a server everything. */
const SOME = [
  "test/db/{catalogue,dataset-storage,migrate,row-log}.test.ts",
  "test/app/e2e/rows.test.ts",
];

/** One run of the asking tests on one database. Those of one process share its modules and its pool. */
function on(name: "PGlite" | "PostgreSQL", without: readonly string[] = []) {
  const globalSetup = [SETUP[name]];
  return [
    {
      extends: true as const,
      test: {
        name,
        include: ASKING,
        exclude: [...APART, FILES, BROWSER, ...without],
        globalSetup,
        isolate: false,
      },
    },
    {
      extends: true as const,
      test: { name: `${name}, apart`, include: APART, exclude: [...without], globalSetup },
    },
  ];
}

const SOME_ON_PGLITE = {
  extends: true as const,
  test: { name: "PGlite, some", include: SOME, globalSetup: [SETUP.PGlite], isolate: false },
};

const BROWSERS = { extends: true as const, test: { name: "browser", include: [BROWSER] } };

function pure(isQuick: boolean) {
  const exclude = isQuick ? [...APART, ...LONG] : APART;
  return { extends: true as const, test: { name: "pure", include: PURE, exclude, isolate: false } };
}

/** The projects of the quick run, `npm test`, or of the whole one, `npm run test:all`. */
function askingProjects(isQuick: boolean) {
  const without = isQuick ? LONG : [];
  if (!server) return on("PGlite", without);
  const rest = isQuick ? [SOME_ON_PGLITE] : on("PGlite", ONCE);
  return [...on("PostgreSQL", without), ...rest];
}

interface Project {
  readonly test: object;
}

/** Each is told by itself how long its proofs are: what a project extends is read again, in no mode. */
function sized<Some extends Project>(isQuick: boolean, projects: readonly Some[]) {
  const provide = { proof: proofSize(isQuick) };
  return projects.map((project) => ({ ...project, test: { ...project.test, provide } }));
}

export default defineConfig(({ mode }) => ({
  root: new URL("..", import.meta.url).pathname,
  // graphql 16 has no exports map: without this it would be loaded twice, as two kinds of error.
  resolve: { alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }] },
  test: {
    reporters: ["default", new DatabasesReporter(), new BrowserReporter()],
    pool: "forks",
    maxWorkers: Math.min(4, availableParallelism()),
    // A machine may be slow: what hangs is known by this all the same.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    projects: sized(mode === "quick", [
      pure(mode === "quick"),
      ...(mode === "quick" ? [] : [BROWSERS]),
      ...askingProjects(mode === "quick"),
    ]),
  },
}));
