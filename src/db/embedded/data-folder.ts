import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LockHeldError, takeLock } from "./lock-file.ts";
import { socketAnswers } from "./socket-path.ts";

/** The folder cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {}

/** A living process has the folder open. */
export class DataFolderBusyError extends DataFolderError {
  readonly pid: number;

  constructor(path: string, pid: number) {
    const holder = pid === process.pid ? `this very process (${pid})` : `process ${pid}`;
    super(
      `The data folder ${path} (FIELDGATE_DATA_DIR) is in use by ${holder}, and the embedded ` +
        "database is for one process at a time. Stop that process, name another folder, or use PostgreSQL.",
    );
    this.pid = pid;
  }
}

/** A data folder that this process alone may open. */
export interface DataFolder {
  /** Absolute path of PostgreSQL's own files. */
  readonly database: string;
  /** Absolute path of the Unix socket of whoever has the folder open. */
  readonly socket: string;
  /** Lets another process have the folder. Everything in it must be closed. */
  release(): void;
}

/** Where the socket of a data folder is. */
export function socketIn(path: string): string {
  return join(resolve(path), "socket");
}

/**
 * Makes the folder where there is none (mode 0700) and locks it. The folder must be on a disk of
 * this machine: a lock of another machine looks like one from before a restart.
 *
 * @throws DataFolderBusyError where a living process has it.
 * @throws DataFolderError where it cannot be made, read, written or closed to other users.
 */
export async function takeDataFolder(path: string): Promise<DataFolder> {
  const folder = resolve(path);
  const [database, socket] = [join(folder, "pgdata"), socketIn(folder)];
  try {
    makePrivate(folder);
    const release = await takeLock(join(folder, "lock"), () => socketAnswers(socket));
    return { database, socket, release };
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    if (error instanceof LockHeldError) throw new DataFolderBusyError(folder, error.pid);
    throw unusable(folder, error);
  }
}

/** Node's own way to make a folder and those above it never ends in some that make none, such as /proc. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function makePrivate(folder: string): void {
  makeFolder(folder);
  const entries = readdirSync(folder);
  const isOpen = (statSync(folder).mode & 0o077) !== 0;
  if (isOpen && entries.length > 0 && !entries.includes("pgdata")) {
    throw new DataFolderError(
      `The folder ${folder} is open to other users and holds other files. Name an empty folder, ` +
        "or one that does not exist yet.",
    );
  }
  if (isOpen) chmodSync(folder, 0o700);
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
}

function unusable(folder: string, cause: unknown): DataFolderError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  return new DataFolderError(
    `The data folder ${folder} (FIELDGATE_DATA_DIR) cannot be used: ${REASONS[code] ?? message}. ` +
      "Make it a folder that belongs to the user who runs this process, or name another.",
    { cause },
  );
}

/** Why a folder cannot be used, where the words of the system take knowing. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not make, read or write it",
  ENOENT: "it cannot be made",
  ENOSPC: "there is no space left on its disk",
  ENOTDIR: "it is a file, or lies in one",
  EPERM: "it is another user's, or the system lets nobody change it",
  EROFS: "its disk cannot be written to",
};
