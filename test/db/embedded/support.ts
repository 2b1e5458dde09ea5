import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { openEmbedded } from "../../../src/db/embedded/embedded-database.ts";

/** How many times the kill test kills: 8 unless FIELDGATE_TEST_KILLS says otherwise, as `npm run prove:kills` does. */
// oxlint-disable-next-line node/no-process-env
export const KILLS = Number(process.env["FIELDGATE_TEST_KILLS"] ?? 8);

const leftovers: (() => void)[] = [];

/** Ends the children and removes the folders of this test file; for `afterAll`. */
export function cleanUp(): void {
  for (const remove of leftovers.splice(0)) remove();
}

/** A pool whose lost connections are no news. */
export function poolOver(connect: () => Duplex, max = 4): pg.Pool {
  const pool = new pg.Pool({ user: "postgres", database: "postgres", stream: connect, max });
  return pool.on("error", () => {});
}

/** A connection of one's own; what happens to it is for the test to look at. */
export async function clientOver(connect: () => Duplex): Promise<pg.Client> {
  const client = new pg.Client({ user: "postgres", database: "postgres", stream: connect });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** A new folder. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fieldgate-embedded-"));
  leftovers.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** PostgreSQL's folder of a new, closed database, for others to begin as a copy of. */
export async function makeTemplate(): Promise<string> {
  const folder = temporaryFolder();
  await (await openEmbedded(folder)).close();
  return join(folder, "pgdata");
}

/** A real second process that runs `child.ts`; `say` writes it a line, `hear` awaits its next one (`ended` after the last). */
export interface Child {
  process: ChildProcess;
  say(line: string): void;
  hear(): Promise<string>;
  /** The lines that it wrote before it ended and nobody heard. */
  rest(): Promise<string[]>;
  kill(): Promise<void>;
}

/** Starts `child.ts` with the arguments it names. */
export function startChild(...parameters: string[]): Child {
  const script = fileURLToPath(new URL("child.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, ...parameters], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  leftovers.unshift(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    process: child,
    say: (line) => void child.stdin.write(`${line}\n`),
    hear: async () => (await lines.next()).value ?? "ended",
    rest: async () => {
      const rest: string[] = [];
      for await (const line of lines) rest.push(line);
      return rest;
    },
    kill: async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
