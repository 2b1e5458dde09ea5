import { contextCacheSymbol } from "@pothos/core";
import type { ExecutionResult } from "graphql";
import type { Path } from "graphql/jsutils/Path.js";
import type { Rights } from "../authz/rights.ts";
import type { PrismaClient } from "../db/prisma.ts";
import type { NewMemory } from "../memory/spare-memory.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";
import type { Transaction } from "../db/transaction.ts";
import type { EventKey } from "../events/event-key.ts";
import type { IdentityMessage } from "../identity/message/identity-message.ts";
import { Doing } from "./doing.ts";
import { retried } from "./retried.ts";
import { BEFORE_COMMIT } from "./before-commit.ts";
import { publicErrorOf } from "./errors.ts";
import { type ContextParts, type Device, UNKNOWN_DEVICE } from "./context-parts.ts";
import { Notes } from "./notes.ts";
import { RawJson } from "./raw-json.ts";
import { requirePermission } from "./require-permission.ts";
import { HeldTurn, type Turns } from "./turns.ts";
import type {
  Entrance,
  FrontDoor,
  Method,
  Others,
  OpenCallerTransaction,
  CallerTransaction,
  TransactionMode,
} from "./caller-transaction.ts";

/**
 * In which turns front doors are entered: whoever knocks has proved nothing yet, and a crowd of them is not to stand
 * before all others at the database.
 */
const ENTERING: Turns = { key: "front door", atOnce: 1, mostWaiting: 10_000 };

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
  /** Whether keys of issuers may be fetched from private addresses. */
  readonly allowPrivate: boolean;
  readonly device: Device;
  /** What is to be written to the log after the request. */
  readonly notes = new Notes();
  /** Whether nobody is to learn anything by how long the answer takes: somebody came by the front door. */
  isOnBeat = false;
  readonly #open: OpenCallerTransaction;
  readonly #send: (message: IdentityMessage) => void;
  readonly #raw = new RawJson();
  #entered: CallerTransaction | null = null;
  #doing = new Doing();
  readonly #turn = new HeldTurn();
  #door: FrontDoor | null = null;
  [contextCacheSymbol] = {};

  constructor(parts: ContextParts) {
    const { requestId, now, open, ip = null, eventKey = null, deliver = () => undefined } = parts;
    this.requestId = requestId;
    this.now = now;
    this.ip = ip;
    this.eventKey = eventKey;
    this.allowPrivate = parts.allowPrivate ?? false;
    this.device = parts.device ?? UNKNOWN_DEVICE;
    this.#open = open;
    this.#send = deliver;
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
    this.#doing.target = id;
  }

  /** Has a user told something once the mutation of the moment has committed. */
  deliver(message: IdentityMessage): void {
    this.#doing.outbox.push(message);
  }

  /** Has the mutation of the moment answered to nobody: it ends the credential of the request. */
  leave(): void {
    this.#doing.isLeaving = true;
  }

  /** Says in the event of the mutation of the moment why it did nothing. */
  nameReason(reason: string): void {
    this.#doing.reason = reason;
  }

  /** Has the mutation of the moment done when no other with the same key is; see {@link HeldTurn.require}. */
  requireTurn(key: string): void {
    this.#turn.require(key);
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

  /** What others of the same tenant may build upon. */
  get others(): Others {
    return this.#current;
  }

  /** Begins the snapshot that what follows is read from. */
  async beginSnapshot(): Promise<void> {
    await this.end();
    await this.#enter("snapshot", this.#doing.isLeaving ? "OUTSIDE" : null);
  }

  /** Ends the transaction of the moment, if there is one. A snapshot leaves nothing behind. */
  async end(): Promise<void> {
    const entered = this.#entered;
    this.#entered = null;
    await entered?.transaction.rollback();
  }

  /**
   * Does a part of the work of a method that nobody sees before its last, in a transaction of its own with
   * credential, rights and check. Its event is that of the last.
   */
  async prepare<Result>(permission: string, work: () => Promise<Result>): Promise<Result> {
    const prepared = () => this.#prepared(permission, work);
    return this.#door ? await this.inTurn(ENTERING, prepared) : await prepared();
  }

  async #prepared<Result>(permission: string, work: () => Promise<Result>): Promise<Result> {
    await this.end();
    const { transaction } = await this.#enter("write", this.#door);
    try {
      requirePermission(this, permission);
      const result = await work();
      await transaction.commit();
      return result;
    } finally {
      await this.end();
    }
  }

  /**
   * Does the work of one root mutation field that does some of it outside of every transaction: parts with
   * {@link prepare}, and its last with {@link finish}.
   */
  async stage<Result>(method: Method, stages: () => Promise<Result>): Promise<Result> {
    await this.end();
    this.notes.forgetDoer();
    this.#door = method.door ?? null;
    this.isOnBeat ||= this.#door !== null;
    try {
      return await stages();
    } catch (error) {
      const known = publicErrorOf(error);
      this.notes.addFailure(method, known);
      this.#doing = new Doing();
      throw known ?? error;
    } finally {
      this.#turn.pass();
      this.#door = null;
      await this.beginSnapshot();
    }
  }

  /**
   * Does work outside of every transaction that keeps the machine busy, in its turn. What proves the caller comes
   * before: a stranger is not to stand in the way of others.
   *
   * @throws {UnavailableError} where the turn does not come in time.
   */
  async inTurn<Result>(turns: Turns, work: () => Promise<Result>): Promise<Result> {
    await this.#turn.await(turns);
    try {
      return await work();
    } finally {
      this.#turn.pass();
    }
  }

  /**
   * Does the work of one root mutation field: credential, rights, check, work, its event, and the comparison
   * of the rights that were used, in one transaction; done again as a whole when another was in its way.
   */
  async mutate<Result>(method: Method, work: () => Promise<Result>): Promise<Result> {
    return await this.stage(method, () => this.finish(method, work));
  }

  /** Does the last part of a method's work; see {@link mutate}. */
  async finish<Result>(method: Method, work: () => Promise<Result>): Promise<Result> {
    return await retried(async (lost) => {
      const mode = lost > 0 ? "keep" : "write";
      return await this.#turn.taken(() =>
        this.#attempt(method.changesRights ? "change" : mode, method, work),
      );
    });
  }

  async #attempt<Result>(
    mode: TransactionMode,
    method: Method,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { permission } = method;
    const entered = await this.#enter(mode, this.#door);
    this.#doing = new Doing();
    try {
      requirePermission(this, permission);
      const result = await work();
      const { reason, outbox } = this.#doing;
      const target = this.#doing.target ?? method.target;
      const done = { entered, method, target, reason, at: this.now, ip: this.ip };
      for (const step of BEFORE_COMMIT) await step(done);
      await entered.transaction.commit();
      for (const message of outbox) this.#send(message);
      // What proves as little as nothing does is not written by the transaction; see the step that writes events.
      if (entered.rights.readOnly) {
        this.notes.add({ name: permission, outcome: "ALLOWED", target, reason: null });
      }
      return result;
    } finally {
      await this.end();
    }
  }

  async #enter(mode: TransactionMode, entrance: Entrance): Promise<CallerTransaction> {
    this.notes.forgetDoer();
    const entered = await this.#open(mode, entrance);
    this.#entered = entered;
    this.notes.enter(entered.rights, entrance === null);
    this[contextCacheSymbol] = {};
    return entered;
  }

  get #current(): CallerTransaction {
    if (!this.#entered) throw new Error("The request is not in a transaction.");
    return this.#entered;
  }
}
