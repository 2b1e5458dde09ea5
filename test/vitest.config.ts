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

/** Tests that put something else in the place of a module, and so share none with other tests. */
const APART = ["test/**/*.apart.test.ts"];

/**
 * Long proofs about answers, which come from the same code on both databases: on one of them, and by commands
 * of their own on the other.
 */
const ONCE = ["test/app/security/{probes,twin-grammar,explained}.test.ts"];

/** One run of the asking tests on one database. Those of one process share its modules and its pool. */
function on(name: "PGlite" | "PostgreSQL", setup: string, without: readonly string[] = []) {
  const globalSetup = [setup];
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
      test: { name: `${name}, apart`, include: APART, globalSetup },
    },
  ];
}

export default defineConfig({
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
    provide: { proof: proofSize() },
    projects: [
      { extends: true, test: { name: "pure", include: PURE } },
      { extends: true, test: { name: "browser", include: [BROWSER] } },
      ...on("PGlite", "test/support/pglite-setup.ts", server ? ONCE : []),
      ...(server ? on("PostgreSQL", "test/support/postgres-setup.ts") : []),
    ],
  },
});
