import { setTimeout } from "node:timers/promises";
import { contextCacheSymbol } from "@pothos/core";
import type { ExecutionResult } from "graphql";
import type { Path } from "graphql/jsutils/Path.js";
import type { Rights } from "../authz/rights.ts";
import { failureOf } from "../db/errors.ts";
import type { PrismaClient } from "../db/prisma.ts";
import type { NewMemory } from "../memory/spare-memory.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";
import type { Transaction } from "../db/transaction.ts";
import type { EventKey } from "../events/event-key.ts";
import type { Happening } from "../events/event.ts";
import { BEFORE_COMMIT } from "./before-commit.ts";
import { MovedError, publicErrorOf, UnavailableError } from "./errors.ts";
import { RawJson } from "./raw-json.ts";
import { requirePermission } from "./require-permission.ts";
import { awaitTurn, takeTurn, type Turn, TurnTakenError } from "./turns.ts";
import type { Method, NamedKey, OpenSession, Session, SessionMode } from "./session.ts";

/** What a request brings with it. */
export interface ContextParts {
  readonly requestId: string;
  readonly now: Date;
  readonly open: OpenSession;
  /** The address that it came from; null for the command line. */
  readonly ip?: string | null;
  /** The key under which events are sealed; null where nobody can ask whether they are whole. */
  readonly eventKey?: EventKey | null;
}

/** How often a mutation is done again when another transaction was in its way. */
const ATTEMPTS = 5;

/** Failures after which the same work may succeed: what was in the way is seen by the next attempt. */
const PASSING = new Set(["RETRY", "DUPLICATE", "REFERENCE"]);

/**
 * What every resolver may rely on for the length of one request.
 *
 * A query is answered from one snapshot. A root mutation field has a transaction of its own, and its
 * selection is answered from a new snapshot with the rights read anew. Loaders are not here: they live
 * beside the type that they load and attach themselves with `createContextCache`; they are forgotten
 * whenever the transaction changes.
 */
export class Context {
  readonly requestId: string;
  /** One instant for the whole request, so that no two checks disagree. */
  readonly now: Date;
  /** The address that the request came from; null for the command line. */
  readonly ip: string | null;
  readonly eventKey: EventKey | null;
  readonly #open: OpenSession;
  readonly #raw = new RawJson();
  readonly #happenings: Happening[] = [];
  readonly #noted = new Set<string>();
  #session: Session | null = null;
  #caller: Rights | null = null;
  #target: string | null = null;
  #reason: string | null = null;
  #turn: Turn | null = null;
  [contextCacheSymbol] = {};

  constructor({ requestId, now, open, ip = null, eventKey = null }: ContextParts) {
    this.requestId = requestId;
    this.now = now;
    this.ip = ip;
    this.eventKey = eventKey;
    this.#open = open;
  }

  /** As whom the request acted last; null where its credential proved nobody. */
  get caller(): Rights | null {
    return this.#caller;
  }

  /** What is to be written to the log after the request, besides what was denied. */
  get happenings(): readonly Happening[] {
    return this.#happenings;
  }

  /** Has a list of the answer hold these items, which are JSON. @returns What the executor is to see in its place. */
  putJson(path: Path, items: readonly Buffer[]): readonly [] {
    return this.#raw.put(path, items);
  }

  /** The JSON of the result, with the lists that were put into it; once. */
  stringify(result: ExecutionResult, newMemory: NewMemory): Buffer {
    return this.#raw.stringify(result, newMemory);
  }

  /** Names what the mutation of the moment is about, where its input does not: what it makes. */
  nameTarget(id: string): void {
    this.#target = id;
  }

  /** Says in the event of the mutation of the moment why it did nothing. */
  nameReason(reason: string): void {
    this.#reason = reason;
  }

  /**
   * Has the mutation of the moment done when no other with the same key is. Where it has to wait it does so outside
   * its transaction, and is then begun anew: call this before anything that is a pity to do twice.
   */
  requireTurn(key: string): void {
    if (this.#turn?.key === key) return;
    this.#turn = takeTurn(key);
    if (!this.#turn) throw new TurnTakenError(key);
  }

  /** Has something written to the log after the request. */
  note(happening: Happening): void {
    this.#happenings.push(happening);
  }

  /** Has it written to the log, once, that something was read. */
  noteRead(name: string, target: string): void {
    this.#noteOnce({ name, outcome: "ALLOWED", target, reason: null });
  }

  /** Has it written to the log, once, that a part of a method was denied whose other parts were done. */
  noteDenied(name: string, target: string, reason: string): void {
    this.#noteOnce({ name, outcome: "DENIED", target, reason });
  }

  #noteOnce(happening: Happening): void {
    const key = JSON.stringify([happening.name, happening.outcome, happening.target]);
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.note(happening);
  }

  get rights(): Rights {
    return this.#current.rights;
  }

  /** Null for the anonymous principal of no tenant. */
  get tenant(): TenantFacts | null {
    return this.#current.tenant;
  }

  /** The names of the roles that the request narrowed itself to; null where it did not. */
  get narrowedTo(): readonly string[] | null {
    return this.#current.narrowedTo;
  }

  get transaction(): Transaction {
    return this.#current.transaction;
  }

  /** Prisma in the transaction of the moment. */
  get prisma(): PrismaClient {
    return this.#current.prisma;
  }

  /** What a presented key of the same tenant may build upon; null where its text proves nothing. */
  async rightsOfKey(text: string): Promise<Rights | null> {
    return await this.#current.rightsOfKey(text);
  }

  /** What a key of the same tenant may build upon, by its UUID; null where there is none. */
  async keyNamed(id: string): Promise<NamedKey | null> {
    return await this.#current.keyNamed(id);
  }

  /** Begins the snapshot that what follows is read from. */
  async beginSnapshot(): Promise<void> {
    await this.end();
    this.#enter(await this.#open("snapshot"));
  }

  /** Ends the transaction of the moment, if there is one. A snapshot leaves nothing behind. */
  async end(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.transaction.rollback();
  }

  /**
   * Does a part of the work of a method that nobody sees before its last, in a transaction of its own with
   * credential, rights and check. Its event is that of the last.
   */
  async prepare<Result>(permission: string, work: () => Promise<Result>): Promise<Result> {
    await this.end();
    this.#enter(await this.#open("write"));
    try {
      requirePermission(this, permission);
      const result = await work();
      await this.#current.transaction.commit();
      return result;
    } finally {
      await this.end();
    }
  }

  /**
   * Does the work of one root mutation field: credential, rights, check, work, its event, and the comparison
   * of the rights that were used, in one transaction; done again as a whole when another was in its way.
   */
  async mutate<Result>(method: Method, work: () => Promise<Result>): Promise<Result> {
    await this.end();
    try {
      return await this.#repeat(method, work);
    } catch (error) {
      const known = publicErrorOf(error);
      this.#noteFailure(method, known?.code ?? "INTERNAL");
      throw known ?? error;
    } finally {
      this.#turn?.pass();
      this.#turn = null;
      await this.beginSnapshot();
    }
  }

  async #repeat<Result>(method: Method, work: () => Promise<Result>): Promise<Result> {
    for (let lost = 0; ;) {
      try {
        const mode = lost > 0 ? "keep" : "write";
        return await this.#attempt(method.changesRights ? "change" : mode, method, work);
      } catch (error) {
        await this.end();
        if (error instanceof TurnTakenError) {
          this.#turn = await awaitTurn(error.key);
          if (!this.#turn) throw new UnavailableError(error);
          continue;
        }
        lost += 1;
        if (lost === ATTEMPTS || !isPassing(error)) throw error;
        // By chance longer from time to time, so that two in each other's way part.
        await setTimeout(Math.random() * 10 * 2 ** lost);
      }
    }
  }

  async #attempt<Result>(
    mode: SessionMode,
    method: Method,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { permission } = method;
    const session = await this.#open(mode);
    this.#enter(session);
    this.#target = null;
    this.#reason = null;
    requirePermission(this, permission);
    const result = await work();
    const target = this.#target ?? method.target;
    const done = { session, method, target, reason: this.#reason, at: this.now, ip: this.ip };
    for (const step of BEFORE_COMMIT) await step(done);
    await session.transaction.commit();
    // What proves as little as nothing does is not written by the transaction; see the step that writes events.
    if (session.rights.readOnly) {
      this.note({ name: permission, outcome: "ALLOWED", target, reason: null });
    }
    return result;
  }

  /** What is denied is told by its error, wherever in the request. */
  #noteFailure({ permission, target }: Method, code: string): void {
    if (code === "FORBIDDEN") return;
    this.note({ name: permission, outcome: "FAILED", target, reason: code });
  }

  #enter(session: Session): void {
    this.#session = session;
    this.#caller = session.rights;
    this[contextCacheSymbol] = {};
  }

  get #current(): Session {
    if (!this.#session) throw new Error("The request is not in a transaction.");
    return this.#session;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof MovedError || PASSING.has(failureOf(error) ?? "");
}
