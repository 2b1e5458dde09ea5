import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { embeddedPlace, type Place, postgresPlace } from "../../test/app/cli/place.ts";

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A server that listens in a process of its own, as its first message says. */
export interface ServerProcess<Said extends Ready> {
  readonly ready: Said;
  readonly pid: number;
  /** The database that it has for itself. */
  readonly place: Place;
  /** Sends a message, and waits for the one that answers it. */
  readonly ask: (message: string) => Promise<unknown>;
}

/** What every server says of itself. */
export interface Ready {
  readonly address: string;
}

/** The tenant of a Fieldgate server. */
export const TENANT = "bench";

/** What `fieldgate-server.ts` says of itself. */
export interface FieldgateReady extends Ready {
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

/** Which program serves, and how. */
interface Program {
  /** Its path below `bench/`. */
  readonly program: string;
  readonly args?: readonly string[];
  /** The Node that runs it, where it is not the one that runs this. */
  readonly node?: string;
  readonly env?: (place: Place) => Readonly<Record<string, string | undefined>>;
}

/** The same, with a database of its own. */
export interface Serving extends Program {
  /** The PostgreSQL server on which its database is made; null: an embedded one. */
  readonly postgres: string | null;
  /** What its database has to hold before it starts. */
  readonly prepare?: (place: Place) => Promise<void>;
}

/**
 * Runs a server in production mode on a database of its own for as long as the work takes; nothing of
 * both is left. What the server logs is thrown away.
 */
export async function withServer<Said extends Ready, Result>(
  { postgres, prepare, ...program }: Serving,
  work: (server: ServerProcess<Said>) => Promise<Result>,
): Promise<Result> {
  return await withPlace(postgres, async (place) => {
    await prepare?.(place);
    return await withProcess(program, place, work);
  });
}

/** Makes a database for as long as the work takes. */
export async function withPlace<Result>(
  postgres: string | null,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const place = postgres === null ? embeddedPlace() : await postgresPlace(postgres);
  try {
    return await work(place);
  } finally {
    await place.drop();
  }
}

/** Runs a server on a database that there is. */
export async function withProcess<Said extends Ready, Result>(
  { program, args = [], node, env }: Program,
  place: Place,
  work: (server: ServerProcess<Said>) => Promise<Result>,
): Promise<Result> {
  const child = fork(fileURLToPath(new URL(`../${program}`, import.meta.url)), args, {
    cwd: ROOT,
    ...(node === undefined ? { execArgv: ["--import", "tsx"] } : { execPath: node, execArgv: [] }),
    env: { ...process.env, ...place.env, ...env?.(place), NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const ready = (await messageOf(child)) as Said;
    const ask = async (message: string) => {
      child.send(message);
      return await messageOf(child);
    };
    return await work({ ready, pid: child.pid ?? 0, place, ask });
  } finally {
    await stop(child);
  }
}

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
