import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What the run says where no page can be driven. */
export const NO_CHROMIUM =
  "Chromium is not installed: the tests in a browser were skipped. Install it, or name one in CHROMIUM.";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The browser that `CHROMIUM` names, which then has to be there, or the one of this machine; null: none. */
export function chromiumPath(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const paths = NAMES.flatMap((name) => ["/usr/bin", ...folders].map((path) => join(path, name)));
  return process.env["CHROMIUM"] || (paths.find(isProgram) ?? null);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
