import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { embeddedPlace, postgresPlace } from "../../test/app/cli/place.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A server that listens in a process of its own, as its first message says. */
export interface ServerProcess<Ready> {
  readonly ready: Ready;
  /** Asks for another message. */
  readonly next: () => Promise<unknown>;
}

/** What `fieldgate-server.ts` says of itself. */
export interface FieldgateReady {
  readonly address: string;
  /** The same API, heard by the process: for counting statements, not for timing. */
  readonly listenedTo: string;
  /** The text of the administrator's key. */
  readonly key: string;
}

/** How many statements were sent since the last count, and how many of them begin or end a transaction. */
export interface StatementCount {
  readonly statements: number;
  readonly frames: number;
}

/** The same as heard, where the use of a key may have been recorded: once in some ten seconds. */
export interface HeardCount extends StatementCount {
  readonly hasUse: boolean;
}

/** What `bare-server.ts` says of itself. */
export interface BareReady {
  readonly address: string;
}

/** Which program serves, and on which database. */
export interface Serving {
  readonly program: "fieldgate-server.ts" | "bare-server.ts" | "../export/export-server.ts";
  readonly args?: readonly string[];
  /** The PostgreSQL server on which a database is made for it; null: an embedded one. */
  readonly postgres: string | null;
}

/**
 * Runs a server in production mode on a database of its own for as long as the work takes; nothing of
 * both is left. What the server logs is thrown away.
 */
export async function withServer<Ready, Result>(
  { program, args = [], postgres }: Serving,
  work: (server: ServerProcess<Ready>, reach: Reach) => Promise<Result>,
): Promise<Result> {
  const place = postgres === null ? embeddedPlace() : await postgresPlace(postgres);
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, {
    cwd: ROOT,
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...place.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const ready = (await messageOf(child)) as Ready;
    const next = () => {
      child.send("next");
      return messageOf(child);
    };
    return await work({ ready, next }, place.reach);
  } finally {
    await stop(child);
    await place.drop();
  }
}

/** Reaches the database of a server from here. */
export type Reach = Awaited<ReturnType<typeof postgresPlace>>["reach"];

/** A server that is left alone closes what it has open, and ends. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  if (child.connected) child.disconnect();
  await ended;
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const ended = () => reject(new Error("A server ended; what it wrote says why."));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message);
    });
  });
}
