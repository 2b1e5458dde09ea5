import type { Rights } from "../authz/rights.ts";
import type { Database } from "../db/database.ts";
import { failureOf } from "../db/errors.ts";
import { inTransaction } from "../db/transaction.ts";
import { BoundedEvents } from "./bounded-events.ts";
import type { Doer, Happening, NewEvent } from "./event.ts";
import { writeEvents } from "./write-events.ts";

/** Where the program says what went wrong, and what strangers did. */
export interface Notices {
  info(line: object, message: string): void;
  warn(line: object, message: string): void;
  error(line: object, message: string): void;
}

/** What a journal is made with. */
export interface JournalParts {
  readonly database: Database;
  readonly log: Notices;
  readonly now: () => Date;
}

/** How long an event of a stranger waits to be written, in milliseconds. */
const DELAY_MS = 1_000;

/**
 * Where the events go that are not written by the transaction of a mutation: each in a short transaction of
 * its own, after the request.
 *
 * Those of a stranger are written in the background and bounded, see {@link BoundedEvents}: not in the
 * request, whose time would tell which tenants and keys there are.
 */
export class Journal {
  readonly #parts: JournalParts;
  readonly #ofStrangers = new BoundedEvents();
  #timer: NodeJS.Timeout | null = null;
  /** What is being written of strangers. */
  #flushing: Promise<void> = Promise.resolve();
  /** When the timer goes off. */
  #wakesAt = 0;

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  /** Writes what a caller did in one request. It never fails: the request has been answered. */
  async record(
    { principal, readOnly }: Pick<Rights, "principal" | "readOnly">,
    happenings: readonly Happening[],
    doer: Omit<Doer, "principal">,
  ): Promise<void> {
    const { tenantId } = principal;
    if (tenantId === null || happenings.length === 0) return;
    const events = happenings.map((each) => ({ ...each, ...doer, principal, count: 1 }));
    // What anybody holds who reads a web page proves as little as nothing does, and so does who has not logged in yet.
    if (readOnly || principal.kind === "ANONYMOUS")
      for (const event of events) this.addOfStranger(tenantId, event);
    else await this.#write(tenantId, events);
  }

  /** Takes an event of somebody who has proved nothing, to be written soon. */
  addOfStranger(tenantId: string, event: NewEvent): void {
    this.#ofStrangers.add(tenantId, event);
    this.#schedule();
  }

  /** Writes what is due of strangers; with `isLast`, whatever has not been written yet. What is being written is, too. */
  async flush(isLast = false): Promise<void> {
    this.#flushing = Promise.all([this.#flushing, this.#writeDue(isLast)]).then(() => undefined);
    await this.#flushing;
  }

  async #writeDue(isLast: boolean): Promise<void> {
    const byTenant = new Map<string, NewEvent[]>();
    for (const { tenantId, event } of this.#ofStrangers.take(this.#parts.now(), isLast)) {
      byTenant.set(tenantId, [...(byTenant.get(tenantId) ?? []), event]);
    }
    await Promise.all([...byTenant].map(([tenantId, events]) => this.#write(tenantId, events)));
  }

  /** Writes whatever has not been written yet, and stops. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.flush(true);
  }

  async #write(tenantId: string, events: readonly NewEvent[]): Promise<void> {
    const { database, log } = this.#parts;
    const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
    try {
      await inTransaction(database, reach, (transaction) =>
        writeEvents(transaction, tenantId, events),
      );
    } catch (error) {
      // The tenant was deleted meanwhile, and its log with it.
      if (failureOf(error) === "REFERENCE") return;
      log.error({ err: error, events }, "Events were not written.");
    }
  }

  #schedule(): void {
    const { dueAt } = this.#ofStrangers;
    if (dueAt === null) return;
    const now = this.#parts.now().getTime();
    const wakesAt = Math.max(now + DELAY_MS, dueAt);
    // What is waited for may be the next minute of something else.
    if (this.#timer && this.#wakesAt <= wakesAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#wakesAt = wakesAt;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.flush().then(() => this.#schedule());
    }, wakesAt - now).unref();
  }
}
