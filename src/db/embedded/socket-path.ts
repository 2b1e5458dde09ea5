import { chmodSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { connect, type Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Bytes of a path that every system takes for a Unix socket (Linux 107, macOS 103). */
const LONGEST = 100;
/** How often, and how many milliseconds apart, a silent socket is tried. */
const TRIES = 5;
const PAUSE_MS = 200;

/**
 * Listens at `path` with mode 0600 from the first moment. A file that is there is replaced: the
 * caller holds the folder's lock, so it can only be a dead process's.
 */
export async function listenAt(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  const near = shorten(path);
  const listening = new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", resolve);
  });
  // The socket is made before `listen` returns, with what the mask leaves of 0777.
  const mask = process.umask(0o177);
  try {
    server.listen(near.path);
  } finally {
    process.umask(mask);
  }
  await listening.finally(near.forget);
  chmodSync(path, 0o600);
}

/** A socket that connects to `path`, whatever address it is asked to connect to, as `pg` asks. */
export function socketTo(path: string): Socket {
  const socket = new Socket();
  const connectTo = socket.connect.bind(socket) as (path: string) => Socket;
  return Object.assign(socket, {
    connect(): Socket {
      const near = shorten(path);
      socket.once("connect", near.forget).once("close", near.forget);
      return connectTo(near.path);
    },
  });
}

/** Whether a process listens at `path`; tried for a second, as it may be about to. */
export async function socketAnswers(path: string, tries = TRIES): Promise<boolean> {
  if (await answersOnce(path)) return true;
  if (tries === 1) return false;
  await sleep(PAUSE_MS);
  return socketAnswers(path, tries - 1);
}

function answersOnce(path: string): Promise<boolean> {
  const near = shorten(path);
  return new Promise<boolean>((resolve) => {
    const socket = connect(near.path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  }).finally(near.forget);
}

/** A way to `path` that fits a Unix socket's address: itself, or through a private symbolic link. */
function shorten(path: string): { path: string; forget: () => void } {
  if (Buffer.byteLength(path) <= LONGEST) return { path, forget: () => {} };
  const detour = mkdtempSync(join(tmpdir(), "fieldgate-"));
  symlinkSync(dirname(path), join(detour, "d"));
  return {
    path: join(detour, "d", basename(path)),
    forget: () => rmSync(detour, { recursive: true, force: true }),
  };
}
