import { blockOf } from "../db/address-block.ts";
import { strangerOf } from "../authz/principal.ts";
import type { NewEvent } from "./event.ts";

/** How often one and the same happening is written at most. */
const WINDOW_MS = 60_000;

/** How many different happenings of one tenant are told apart at a time. */
const MOST_OF_TENANT = 20;

/** How many are told apart at a time, of all tenants: beyond them each has those that are not, and nothing is lost. */
const MOST = 2_000;

/** The name of the event that stands for all that are not told apart. */
const OTHERS = "system::others";

/** An event and its tenant. */
export interface TenantEvent {
  readonly tenantId: string;
  readonly event: NewEvent;
}

interface Kept {
  readonly tenantId: string;
  event: NewEvent;
  /** How often it happened since it was last written. */
  count: number;
  /** From when on it may be written again. */
  dueAt: number;
}

/**
 * What strangers do, who have proved nothing and so can do it without end: each different happening is one
 * event a minute that says how often it happened, and beyond {@link MOST_OF_TENANT} different ones a minute
 * all others of a tenant that ended alike are one together.
 *
 * So a tenant's log grows by at most 23 events a minute and process, whoever knocks, and from however many
 * addresses.
 */
export class BoundedEvents {
  readonly #kept = new Map<string, Kept>();
  readonly #ofTenant = new Map<string, number>();

  /** Counts an event. */
  add(tenantId: string, event: NewEvent): void {
    const { name, outcome, target, reason, ip, principal } = event;
    const key = JSON.stringify([
      tenantId,
      principal.id,
      name,
      outcome,
      target,
      reason,
      blockOf(ip),
    ]);
    const known = this.#kept.get(key);
    if (known) this.#repeat(known, event);
    else if (this.#isRoom(tenantId)) this.#keep(key, tenantId, event);
    else this.#addToOthers(tenantId, event);
  }

  /** Takes out what is to be written now; with `isLast`, whatever has not been written yet. */
  take(now: Date, isLast = false): TenantEvent[] {
    const due = [...this.#kept].filter(([, { dueAt }]) => isLast || dueAt <= now.getTime());
    return due.flatMap(([key, kept]) => {
      const { tenantId, count, event } = kept;
      if (count === 0) {
        this.#forget(key, tenantId);
        return [];
      }
      Object.assign(kept, { count: 0, dueAt: now.getTime() + WINDOW_MS });
      return [{ tenantId, event: { ...event, count } }];
    });
  }

  /** When there is something to take, in milliseconds since 1970; null: nothing is kept. */
  get dueAt(): number | null {
    const due = [...this.#kept.values()].map(({ dueAt }) => dueAt);
    return due.length === 0 ? null : Math.min(...due);
  }

  #repeat(known: Kept, event: NewEvent): void {
    // The first of those that are not written yet tells when, and from where.
    if (known.count === 0) known.event = event;
    known.count += 1;
  }

  #isRoom(tenantId: string): boolean {
    return this.#kept.size < MOST && (this.#ofTenant.get(tenantId) ?? 0) < MOST_OF_TENANT;
  }

  #keep(key: string, tenantId: string, event: NewEvent): void {
    this.#kept.set(key, { tenantId, event, count: 1, dueAt: 0 });
    this.#ofTenant.set(tenantId, (this.#ofTenant.get(tenantId) ?? 0) + 1);
  }

  #addToOthers(tenantId: string, event: NewEvent): void {
    const { outcome } = event;
    const key = JSON.stringify([tenantId, outcome]);
    const known = this.#kept.get(key);
    const unnamed = { name: OTHERS, principal: strangerOf(tenantId), target: null, reason: null };
    const others = { ...event, ...unnamed, ip: null };
    if (known) this.#repeat(known, others);
    else this.#keep(key, tenantId, others);
  }

  #forget(key: string, tenantId: string): void {
    this.#kept.delete(key);
    const left = (this.#ofTenant.get(tenantId) ?? 1) - 1;
    if (left > 0) this.#ofTenant.set(tenantId, left);
    else this.#ofTenant.delete(tenantId);
  }
}
