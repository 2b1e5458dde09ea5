import type { Database } from "../db/database.ts";
import { Rounds } from "../db/rounds.ts";
import type { EventKey } from "./event-key.ts";
import type { ChainFault } from "./head.ts";
import type { Notices } from "./journal.ts";
import { type Sealed, sealEvents, type Sealing, unsealedTenants } from "./seal-events.ts";

/** What a sealer is made with. */
export interface SealerParts {
  readonly database: Database;
  readonly key: EventKey;
  readonly log: Notices;
}

/** How long a sealer rests between two rounds, in milliseconds. */
const REST_MS = 1_000;

const WORDS: Readonly<Record<ChainFault, string>> = {
  OTHER_KEY:
    "Events are not sealed: they were before under another EVENT_KEY. Give every process of one database the same.",
  ALTERED: "Events are not sealed: the chain was altered. Ask verifyEvents where.",
  MISSING: "Events are not sealed: the chain was altered. Ask verifyEvents where.",
  CUT: "Events are not sealed: the end of the chain is not where it was. Ask verifyEvents where.",
  HEAD: "Events are not sealed: the head of the chain was altered. Ask verifyEvents where.",
};

/**
 * Seals the events of every tenant, in rounds, and writes each new head to the log: what is put back in the
 * database to how it was before shows against it.
 */
export class Sealer {
  readonly #parts: SealerParts;
  readonly #sealing: Sealing;
  /** What is wrong with the chains of tenants, which is said once. */
  readonly #faults = new Map<string, ChainFault>();
  readonly #rounds = new Rounds(() => this.sealAll(), {
    restMs: REST_MS,
    tellError: (error) => this.#tellError(error),
  });

  constructor(parts: SealerParts) {
    this.#parts = parts;
    this.#sealing = { key: parts.key, heads: new Map() };
  }

  /** Seals whatever there is to seal. */
  async sealAll(): Promise<void> {
    for (const tenantId of await unsealedTenants(this.#parts.database)) {
      await this.seal(tenantId).catch((error: unknown) => this.#tellError(error, { tenantId }));
    }
  }

  /** Seals the events of one tenant. */
  async seal(tenantId: string): Promise<void> {
    let isMore = true;
    while (isMore) {
      const sealed = await sealEvents(this.#parts.database, tenantId, this.#sealing);
      this.#tell(sealed);
      isMore = sealed.count > 0;
    }
  }

  /** Goes on in the background, one round after the other, until it is stopped. */
  start(): void {
    this.#rounds.start();
  }

  /** Ends the rounds, and waits for the one of the moment. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
  }

  #tellError(error: unknown, at: object = {}): void {
    this.#parts.log.warn({ err: error, ...at }, "Events were not sealed.");
  }

  #tell({ tenantId, count, head, fault }: Sealed): void {
    const { log } = this.#parts;
    if (fault && this.#faults.get(tenantId) !== fault) log.error({ tenantId, fault }, WORDS[fault]);
    if (fault) this.#faults.set(tenantId, fault);
    else if (head) this.#faults.delete(tenantId);
    if (head && count > 0) {
      const { number, mac } = head;
      log.info({ tenantId, number: Number(number), mac: mac.toString("hex") }, "events sealed");
    }
  }
}
