import { timingSafeEqual } from "node:crypto";
import sql from "sql-template-tag";
import type { EventKey } from "./event-key.ts";

/** An event as it is stored, every value as text. */
export interface StoredEvent {
  readonly id: string;
  readonly name: string;
  readonly outcome: string;
  readonly principal_kind: string;
  readonly principal_id: string | null;
  readonly principal_name: string;
  readonly client_id: string | null;
  readonly client_name: string | null;
  readonly target: string | null;
  /** Milliseconds since 1970. */
  readonly at: string;
  readonly ip: string | null;
  readonly reason: string | null;
  readonly data: string | null;
  readonly count: string;
}

/** The columns of a {@link StoredEvent}, of a table or alias `e`. */
export const STORED_EVENT = sql`
  e.id::text, e.name, e.outcome::text, e.principal_kind::text, e.principal_id, e.principal_name,
  e.client_id, e.client_name, e.target, (extract(epoch FROM e.at) * 1000)::bigint::text AS at, e.ip,
  e.reason, e.data, e.count::text`;

/** A place in the chain of a tenant: the number of an event, and its seal. */
export interface Place {
  readonly number: bigint;
  readonly mac: Buffer;
}

/** Before the first event. */
export const START: Place = { number: 0n, mac: Buffer.alloc(0) };

/** The place of an event after another: its seal covers the event, its number, and that of the one before. */
export function placeAfter(
  key: EventKey,
  tenantId: string,
  before: Place,
  event: StoredEvent,
): Place {
  const number = before.number + 1n;
  const mac = key.sign(
    "event",
    tenantId,
    String(number),
    before.mac.toString("hex"),
    event.id,
    event.name,
    event.outcome,
    event.principal_kind,
    event.principal_id,
    event.principal_name,
    event.client_id,
    event.client_name,
    event.target,
    event.at,
    event.ip,
    event.reason,
    event.data,
    event.count,
  );
  return { number, mac };
}

/** The seal of the head: without the key, no other place passes for the end of the chain. */
export function headSeal(key: EventKey, tenantId: string, { number, mac }: Place): Buffer {
  return key.sign("head", tenantId, String(number), mac.toString("hex"));
}

/** Whether two seals are the same, in a time that does not tell where they differ. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
