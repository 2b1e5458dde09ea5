import type { Reporter, TestModule } from "vitest/node";
import { chromiumPath, NO_CHROMIUM } from "./chromium.ts";

/** Says at the end of the run that tests in a browser were skipped, if they were. */
export class BrowserReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const isMeant = modules.some(({ project }) => project.name === "browser");
    if (isMeant && chromiumPath() === null) process.stdout.write(`${NO_CHROMIUM}\n`);
  }
}
