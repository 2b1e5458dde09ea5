import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DemoKeyName } from "./demo-queries.ts";

/** The file `demo-keys.json` of the data folder. */
export interface DemoFile {
  readonly tenant: string;
  /** Where the server listens, or last did; null: it has not yet, and nobody has been told of the demo. */
  readonly endpoint: string | null;
  readonly keys: Readonly<Record<DemoKeyName, string>>;
}

/** Where the file is. */
export function demoFilePath(dataDir: string): string {
  return join(dataDir, "demo-keys.json");
}

/** Null where there is none, or none of ours. */
export async function readDemoFile(dataDir: string): Promise<DemoFile | null> {
  try {
    return JSON.parse(await readFile(demoFilePath(dataDir), "utf8")) as DemoFile;
  } catch {
    return null;
  }
}

/** Puts a file of before out of the way: the keys of a demo in another database are shown nowhere else. */
export async function keepPreviousDemoFile(dataDir: string): Promise<void> {
  const previous = join(dataDir, "demo-keys.previous.json");
  await rename(demoFilePath(dataDir), previous).catch(() => undefined);
}

/** Replaces the file as a whole, whatever it was and whoever could read it. */
export async function writeDemoFile(dataDir: string, demo: DemoFile): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = demoFilePath(dataDir);
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  await rename(draft, path);
}
