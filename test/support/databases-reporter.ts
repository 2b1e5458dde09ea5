import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with the databases that its tests ran on. */
export class DatabasesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const names = new Set(modules.map(({ project }) => project.name));
    const databases = ["PGlite", "PostgreSQL"].filter((name) => names.has(name));
    process.stdout.write(`Databases that the tests ran on: ${databases.join(", ") || "none"}\n`);
  }
}
