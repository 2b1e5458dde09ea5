import { createHash, randomUUID } from "node:crypto";
import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { livenessOf, type ProcessIdentity, thisProcess } from "./process-identity.ts";

/** A living process holds the lock. */
export class LockHeldError extends Error {
  readonly pid: number;

  constructor(pid: number) {
    super(`Process ${pid} holds the lock.`);
    this.pid = pid;
  }
}

/** Asked where the holder's pid says nothing, because it counts in another container. */
export type AnswersCall = () => Promise<boolean>;

/**
 * Takes the lock `path` and returns how to give it back. Node has no lock that the system lets go
 * when a process dies, so the file names its holder, and a holder that is dead is replaced.
 *
 * The file appears whole or not at all (it is linked into place, which is as exclusive as O_EXCL),
 * and no two have the same text. Who wants to remove a dead holder's file first takes a second
 * lock named after that very text: only one can, and finds out whether it is still there, so a file
 * that a quicker process put in its place is never removed. A process killed while it does so leaves
 * the second lock behind, which is replaced in the same manner.
 *
 * @throws LockHeldError where a living process holds it, or is about to.
 */
export async function takeLock(path: string, answers: AnswersCall): Promise<() => void> {
  const mine = JSON.stringify({ ...thisProcess(), nonce: randomUUID() });
  if (createWhole(path, mine)) return () => removeIfSame(path, mine);
  await removeStale(path, answers);
  return takeLock(path, answers);
}

async function removeStale(path: string, answers: AnswersCall): Promise<void> {
  const theirs = readIfThere(path);
  if (theirs === undefined) return;
  const holder = parseHolder(theirs);
  if (holder && (await holds(holder, answers))) throw new LockHeldError(holder.pid);
  const release = await takeLock(`${path}.${digest(theirs)}`, answers);
  try {
    removeIfSame(path, theirs);
  } finally {
    release();
  }
}

async function holds(holder: ProcessIdentity, answers: AnswersCall): Promise<boolean> {
  const liveness = livenessOf(holder);
  return liveness === "unknown" ? answers() : liveness === "alive";
}

/** Undefined for a text that nobody wrote: what a power failure left of one. */
function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(text) as ProcessIdentity | null;
    return typeof holder?.pid === "number" ? holder : undefined;
  } catch {
    return undefined;
  }
}

function createWhole(path: string, text: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function removeIfSame(path: string, text: string): void {
  if (readIfThere(path) === text) unlinkSync(path);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
