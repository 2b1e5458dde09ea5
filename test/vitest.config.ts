import { defineConfig } from "vitest/config";

export default defineConfig({
  // graphql 16 has no exports map: without this it would be loaded twice, as two kinds of error.
  resolve: { alias: { graphql: "graphql/index.js" } },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    pool: "forks",
    maxWorkers: 4,
    testTimeout: 20_000,
  },
});
