import { Worker } from "node:worker_threads";
import { simpleQuery, startup, type Unit } from "./wire.ts";

/** Where the database is: in a folder, or (without one) in memory, gone when the thread ends. */
export interface SessionOptions {
  /** Absolute path of PostgreSQL's own folder; made where there is none. */
  readonly folder?: string | undefined;
  /** Absolute path of such a folder, not in use, that a new database begins as a copy of. */
  readonly template?: string | undefined;
  /** Milliseconds that one unit may run before its thread is ended. */
  readonly statementTimeoutMs: number;
}

/** Nothing of one client's session may be left to the next. */
const FORGET = "DISCARD ALL";

/**
 * PGlite has no checkpointer: without this its log would grow until the database is closed, and
 * opening it after a kill would take ever longer (1.4 GB: 4 s). A checkpoint takes 0.1 s at most.
 */
const UPKEEP = `do $$ begin
  if pg_wal_lsn_diff(pg_current_wal_lsn(), (pg_control_checkpoint()).redo_lsn) > 64 * 1024 * 1024
  then checkpoint; end if;
end $$`;

/** The thread of the database is gone, and with it every transaction that was open. */
export class SessionLostError extends Error {}

type Message =
  | { opened: Uint8Array }
  | { bytes: Uint8Array; done?: { inTransaction: boolean } }
  | { closed: true };

interface Running {
  onBytes: (bytes: Uint8Array) => void;
  resolve: (inTransaction: boolean) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * One PGlite in a thread of its own, and the one PostgreSQL session that it has.
 *
 * PGlite knows no statement timeout and blocks its thread while it works; so the clock is here, and
 * ending the thread is the only way to stop a statement. That equals a killed process: what was
 * acknowledged stays, what was not is undone when the folder is opened again.
 */
export class Session {
  /** What PostgreSQL answers to a startup message, ReadyForQuery included. */
  readonly greeting: Uint8Array;
  #worker: Worker;
  #statementTimeoutMs: number;
  #running: Running | undefined;
  /** What to say when the thread ends. */
  #ending = "The embedded database stopped.";
  #lost: SessionLostError | undefined;

  private constructor(worker: Worker, greeting: Uint8Array, statementTimeoutMs: number) {
    this.#worker = worker;
    this.greeting = greeting;
    this.#statementTimeoutMs = statementTimeoutMs;
    worker.on("message", (message: Message) => this.#receive(message));
    worker.on("error", (error) => this.#lose(`The embedded database stopped: ${error.message}`));
    worker.on("exit", () => this.#lose(this.#ending));
  }

  /**
   * Opens the database (0.3 s; 2.5 s where it has to be made) and repairs it after a kill.
   *
   * @throws the reason PGlite gives where the folder does not open.
   */
  static async open(options: SessionOptions): Promise<Session> {
    const { folder, template, statementTimeoutMs } = options;
    const worker = new Worker(new URL("./pglite-worker.mjs", import.meta.url), {
      workerData: {
        folder,
        template,
        startup: startup(),
        forget: simpleQuery(FORGET),
        upkeep: simpleQuery(UPKEEP),
      },
      // Without the loaders and inspectors of the thread that starts it.
      execArgv: [],
    });
    const greeting = await new Promise<Uint8Array>((resolve, reject) => {
      worker.once("message", (message: { opened: Uint8Array }) => resolve(message.opened));
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("The embedded database stopped while opening.")));
    });
    return new Session(worker, greeting, statementTimeoutMs);
  }

  /**
   * Runs whole frontend messages that end with a simple query, a Sync or a Flush, and hands over
   * the answer as it comes, in blocks of any cut. One at a time. The bytes are given away.
   *
   * @returns whether a transaction is open afterwards.
   * @throws SessionLostError where the thread ended, or ran too long and was ended.
   */
  run(unit: Unit, onBytes: (bytes: Uint8Array) => void): Promise<boolean> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(), this.#statementTimeoutMs);
      this.#running = { onBytes, resolve, reject, timer };
      const { bytes, endsWithFlush } = unit;
      this.#worker.postMessage({ run: bytes, endsWithFlush }, [bytes.buffer]);
    });
  }

  /** Writes everything to the folder and ends the thread. Nothing may be running. */
  async close(): Promise<void> {
    if (this.#lost) return;
    const exit = new Promise((resolve) => this.#worker.once("exit", resolve));
    this.#worker.postMessage({ close: true }, []);
    await exit;
  }

  #receive(message: Message): void {
    const running = this.#running;
    if (!running || !("bytes" in message)) return;
    if (message.bytes.length > 0) running.onBytes(message.bytes);
    if (!message.done) return;
    this.#end(running);
    running.resolve(message.done.inTransaction);
  }

  /** Looks once more for an answer that came while this thread was too busy to read it. */
  #expire(): void {
    const late = this.#running;
    setImmediate(() => {
      if (late === undefined || this.#running !== late) return;
      this.#ending = `A statement ran longer than ${this.#statementTimeoutMs} ms and was ended.`;
      void this.#worker.terminate();
    });
  }

  #lose(reason: string): void {
    this.#lost ??= new SessionLostError(reason);
    const running = this.#running;
    if (!running) return;
    this.#end(running);
    running.reject(this.#lost);
  }

  #end(running: Running): void {
    clearTimeout(running.timer);
    this.#running = undefined;
  }
}
