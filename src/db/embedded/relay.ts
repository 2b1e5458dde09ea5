import type { Duplex } from "node:stream";
import { RelayClient } from "./relay-client.ts";
import { type Session, SessionLostError } from "./session.ts";
import { rollback, type Unit } from "./wire.ts";

/** How the one session is shared. */
export interface RelayOptions {
  /** Opens the session: at start, and again when it was lost. Never while one is open. */
  readonly open: () => Promise<Session>;
  /** Milliseconds that a client may hold a transaction open and ask for nothing. */
  readonly idleInTransactionMs: number;
  /** Told why, when the session was lost or does not open. */
  readonly warn: (reason: string) => void;
}

// SQLSTATEs of PostgreSQL, appendix A.
const ADMIN_SHUTDOWN = "57P01";
const CANNOT_CONNECT_NOW = "57P03";
const IDLE_IN_TRANSACTION = "25P03";

/**
 * Lets many wire clients take turns at the one session that PGlite has.
 *
 * A turn is one unit (a simple query, or extended messages up to a Sync), first come, first served.
 * A client whose unit leaves a transaction open keeps the session until it ends; transactions are
 * therefore strictly serial. What a client sets outside a transaction lasts for that unit alone:
 * plain `SET`, `SET ROLE`, `PREPARE`, `LISTEN`, temporary tables and session-level advisory locks
 * are forgotten as soon as no transaction is open. Every client is PostgreSQL's superuser, whatever
 * user it names. Named statements and `COPY … FROM STDIN` are refused (0A000); a cancel request
 * does nothing.
 */
export class Relay {
  #options: RelayOptions;
  #session: Promise<Session> | undefined;
  #clients = new Set<RelayClient>();
  #queue: RelayClient[] = [];
  #holder: RelayClient | undefined;
  #turn: Promise<void> | undefined;
  #hasClosed = false;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Resolves when the database is open. @throws what {@link RelayOptions.open} throws. */
  async start(): Promise<void> {
    await this.#open();
  }

  /** Takes the server's end of a connection; the client is answered once the database is open. */
  attach(stream: Duplex): void {
    const client = new RelayClient(stream, {
      started: (one) => void this.#greet(one),
      asked: (one) => this.#enqueue(one),
      left: (one) => this.#dismiss(one),
    });
    this.#clients.add(client);
    if (this.#hasClosed) client.cut(ADMIN_SHUTDOWN, "The embedded database is closed.");
  }

  /** Cuts every client, waits for the statement that runs, and closes the session. */
  async close(): Promise<void> {
    this.#hasClosed = true;
    this.#cutAll(ADMIN_SHUTDOWN, "The embedded database is closing.");
    await this.#turnsEnd();
    const session = await this.#session?.catch(() => undefined);
    await session?.close();
  }

  async #turnsEnd(): Promise<void> {
    if (!this.#turn) return;
    await this.#turn;
    await this.#turnsEnd();
  }

  #open(): Promise<Session> {
    this.#session ??= this.#options.open().catch((error: unknown) => {
      this.#session = undefined;
      throw error;
    });
    return this.#session;
  }

  async #greet(client: RelayClient): Promise<void> {
    try {
      client.send((await this.#open()).greeting);
    } catch (error) {
      client.cut(CANNOT_CONNECT_NOW, `The embedded database does not open: ${String(error)}`);
    }
  }

  #enqueue(client: RelayClient): void {
    if (client !== this.#holder) this.#lineUp(client);
    this.#next();
  }

  /** In line is who has asked for something and does not hold the session. */
  #lineUp(client: RelayClient): void {
    if (!this.#queue.includes(client)) this.#queue.push(client);
  }

  #leaveLine(client: RelayClient): void {
    this.#queue = this.#queue.filter((other) => other !== client);
  }

  /** Begins a turn, unless one is under way or its holder has asked for nothing yet. */
  #next(): void {
    if (this.#turn) return;
    const client = this.#holder ?? this.#queue.shift();
    const unit = client?.units.shift();
    if (!client || !unit) return;
    this.#turn = this.#run(client, unit)
      .then(
        (inTransaction) => this.#settle(client, inTransaction || unit.endsWithFlush),
        (error: unknown) => this.#fail(error),
      )
      .then(() => this.#next());
  }

  async #run(client: RelayClient, unit: Unit): Promise<boolean> {
    const session = await this.#open();
    const inTransaction = await session.run(unit, (bytes) => {
      client.isAmidAnswer = true;
      client.send(bytes);
    });
    client.isAmidAnswer = false;
    return inTransaction;
  }

  /** After a turn: the session goes to the next in line, or stays where a transaction is open. */
  #settle(client: RelayClient, holds: boolean): void {
    this.#turn = undefined;
    this.#holder = holds ? client : undefined;
    // It may have asked for more as soon as it had its answer.
    if (!holds) return client.units.length > 0 ? this.#lineUp(client) : undefined;
    this.#leaveLine(client);
    if (client.hasLeft) client.units.push(rollback());
    else if (client.units.length === 0) this.#expectMore(client);
  }

  #expectMore(client: RelayClient): void {
    const ms = this.#options.idleInTransactionMs;
    const reason = `A transaction was open for ${ms} ms without a statement; it was rolled back.`;
    client.expectWithin(ms, () => client.cut(IDLE_IN_TRANSACTION, reason));
  }

  #dismiss(client: RelayClient): void {
    this.#clients.delete(client);
    this.#leaveLine(client);
    client.units.length = 0;
    // Where its statement still runs, what is left open is settled afterwards.
    if (client !== this.#holder || this.#turn) return;
    client.units.push(rollback());
    this.#next();
  }

  /** The session is gone, or does not open: nobody's transaction is left, and everybody is told. */
  #fail(cause: unknown): void {
    this.#turn = undefined;
    this.#holder = undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#options.warn(reason);
    if (!(cause instanceof SessionLostError)) {
      this.#cutAll(CANNOT_CONNECT_NOW, `The embedded database does not open: ${reason}`);
      return;
    }
    this.#session = undefined;
    this.#cutAll(ADMIN_SHUTDOWN, `${reason} The embedded database starts again; try once more.`);
    // Whether it opens, the next client is told.
    if (!this.#hasClosed) void this.#open().catch(() => {});
  }

  #cutAll(code: string, reason: string): void {
    for (const client of this.#clients) client.cut(code, reason);
  }
}
