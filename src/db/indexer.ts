import type { Database } from "./database.ts";
import { tendEmbedded } from "./embedded-upkeep.ts";
import { asOwner, type Builder, doTask, type Outcome } from "./index-build.ts";
import { type IndexTask, indexTasks, type TenantVersion, tenantVersions } from "./index-needs.ts";
import { Rounds } from "./rounds.ts";

/** Where an indexer says what it does. */
export interface IndexNotices {
  info(line: object, message: string): void;
  warn(line: object, message: string): void;
}

/** What an indexer is made with. */
export interface IndexerParts {
  readonly database: Database;
  readonly log: IndexNotices;
}

/** How often a build is told to end, in milliseconds: between two of its statements it does not hear it. */
const CANCEL_MS = 200;
/** How long an indexer rests between two rounds, in milliseconds. */
const REST_MS = 2_000;
/** After so many rounds, ten minutes, all tenants are looked at anew: somebody may have dropped an index. */
const FORGET_AFTER = 300;

/**
 * Brings the indexes for searches in agreement with what the definitions of datasets and the row filters of
 * grants ask for, in rounds; see {@link searchIndexes}. One at a time of all processes on a database.
 *
 * An index never decides what anybody sees or may do: it may come late, or not at all.
 */
export class Indexer {
  readonly #parts: IndexerParts;
  /** The versions of tenants that have all the indexes that they need. */
  readonly #settled = new Map<string, string>();
  readonly #rounds = new Rounds(() => this.indexAll(), {
    restMs: REST_MS,
    tellError: (error) => this.#tellError(error),
  });
  #begun = 0;
  #building: Builder | null = null;

  constructor(parts: IndexerParts) {
    this.#parts = parts;
  }

  /** Builds what is lacking and drops what nothing needs, in the datasets of all tenants. */
  async indexAll(): Promise<void> {
    if (this.#begun % FORGET_AFTER === 0) this.#settled.clear();
    this.#begun += 1;
    const { database } = this.#parts;
    const tenants = await tenantVersions(database);
    await this.#index(
      tenants.filter(({ tenant, version }) => this.#settled.get(tenant) !== version),
    );
    await tendEmbedded(database);
  }

  /** The same in the datasets of one tenant. @returns False where another process is at work. */
  async index(tenant: string): Promise<boolean> {
    return await this.#index([{ tenant, version: "" }]);
  }

  /** Goes on in the background, one round after the other, until it is stopped. */
  start(): void {
    this.#rounds.start();
  }

  /** Ends the rounds, and breaks off what is being built: the next process begins it anew. */
  async stop(): Promise<void> {
    const ended = this.#rounds.stop();
    await this.#breakOff();
    const timer = setInterval(() => void this.#breakOff(), CANCEL_MS);
    await ended.finally(() => clearInterval(timer));
  }

  async #breakOff(): Promise<void> {
    const { kind, pool } = this.#parts.database;
    if (!this.#building || kind === "PGlite") return;
    const cancelled = pool.query("SELECT pg_cancel_backend($1)", [this.#building.pid]);
    await cancelled.catch(() => undefined);
  }

  async #index(tenants: readonly TenantVersion[]): Promise<boolean> {
    if (tenants.length === 0) return true;
    return await asOwner(this.#parts.database, async (builder) => {
      this.#building = builder;
      // Each index takes all that the database has to give.
      // eslint-disable-next-line no-await-in-loop
      for (const tenant of tenants) await this.#indexOne(builder, tenant);
    }).finally(() => (this.#building = null));
  }

  async #indexOne(builder: Builder, { tenant, version }: TenantVersion): Promise<void> {
    let isSettled = true;
    for (const task of await indexTasks(builder, tenant)) {
      if (this.#rounds.isStopped) return;
      // eslint-disable-next-line no-await-in-loop
      isSettled = (await this.#do(builder, task)) === "DONE" && isSettled;
    }
    if (isSettled) this.#settled.set(tenant, version);
  }

  async #do(builder: Builder, task: IndexTask): Promise<Outcome> {
    const { log } = this.#parts;
    const { name, datasetId, wanted } = task;
    const line = { index: name, datasetId, ...wanted };
    const began = performance.now();
    if (wanted && !task.isSmall) log.info(line, "index begun");
    const outcome = await doTask(builder, task);
    const told = { ...line, ms: Math.round(performance.now() - began) };
    if (outcome === "DONE") log.info(told, wanted ? "index built" : "index dropped");
    else if (outcome !== "LATER") log.warn({ ...told, outcome }, "An index could not be built.");
    return outcome;
  }

  #tellError(error: unknown): void {
    if (this.#rounds.isStopped) return;
    this.#parts.log.warn({ err: error }, "Indexes were not looked after.");
  }
}
