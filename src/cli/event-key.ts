import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, ConfigError } from "../config.ts";
import { EVENT_KEY_BYTES, type EventKey, eventKeyOf } from "../events/event-key.ts";

/**
 * The key under which events are sealed: that of the environment, or else that of the file `event-key` in the
 * data folder, which is made once and which its owner alone may read.
 *
 * @throws {ConfigError} for a file that cannot be read, or that holds no key.
 */
export async function eventKeyFor({
  eventKey,
  dataDir,
}: Pick<Config, "eventKey" | "dataDir">): Promise<EventKey> {
  if (eventKey) return eventKeyOf(eventKey);
  const path = join(dataDir, "event-key");
  try {
    await makeOnce(dataDir, path);
    return eventKeyOf(Buffer.from(await readFile(path, "utf8"), "base64"));
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(
      `The key of events in ${path} cannot be used: ${message} Put back the file as it was, or set EVENT_KEY. Events that were sealed under a key that is lost cannot be verified any more.`,
    );
  }
}

/** Whoever comes second finds the whole file of whoever came first. */
async function makeOnce(folder: string, path: string): Promise<void> {
  if (await readFile(path).then(Boolean, isMissing)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString("hex")}`;
  const key = randomBytes(EVENT_KEY_BYTES).toString("base64");
  await writeFile(draft, `${key}\n`, { mode: 0o600, flag: "wx" });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft);
}

function isMissing(error: NodeJS.ErrnoException): false {
  if (error.code === "ENOENT") return false;
  throw error;
}
