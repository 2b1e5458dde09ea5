import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { inTransaction, type Transaction } from "../db/transaction.ts";
import { headSeal, type Place, placeAfter, STORED_EVENT, type StoredEvent } from "./chain.ts";
import type { EventKey } from "./event-key.ts";
import { chainEnd, type ChainFault } from "./head.ts";
import { ADVISORY_LOCKS } from "../db/advisory-locks.ts";

/** How many events are sealed in one transaction. */
const BATCH = 1_000;

/** What sealing needs besides the database. */
export interface Sealing {
  readonly key: EventKey;
  /** The heads that this process has sealed, by tenant: an earlier one in the database was put back. */
  readonly heads: Map<string, Place>;
}

/** What became of the events of one tenant. */
export interface Sealed {
  readonly tenantId: string;
  /** How many were sealed now. */
  readonly count: number;
  /** The end of the chain; null where another sealer is at work. */
  readonly head: Place | null;
  /** Why nothing was sealed: whoever changed the chain shall not have it go on from there. */
  readonly fault: ChainFault | null;
}

/** The tenants that have events to seal. */
export async function unsealedTenants(database: Database): Promise<string[]> {
  const operator = { role: "fieldgate_operator", tenantId: null, mode: "snapshot" } as const;
  const found = await inTransaction(database, operator, (transaction) =>
    transaction.query<{ id: string }>(sql`SELECT fieldgate.unsealed_tenants() AS id`),
  );
  return found.map(({ id }) => id);
}

/**
 * Seals the events of a tenant that are committed, up to a thousand: gives each its number and its place in
 * the chain, and moves the head.
 *
 * They are numbered in the order in which they were committed. What the sealer does not see yet is committed
 * after all that it sees, and so comes later. Of those that it sees at once, one whose transaction waited for
 * another was written when the other had been committed, and follows it.
 */
export async function sealEvents(
  database: Database,
  tenantId: string,
  { key, heads }: Sealing,
): Promise<Sealed> {
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  const sealed = await inTransaction(database, reach, async (transaction): Promise<Sealed> => {
    const nothing = { tenantId, count: 0, head: null, fault: null };
    if (!(await isAlone(transaction, tenantId))) return nothing;
    const { head, fault } = await chainEnd(transaction, key, tenantId);
    const known = heads.get(tenantId);
    if (fault) return { ...nothing, fault };
    if (known && known.number > head.number) return { ...nothing, fault: "CUT" };
    const events = await committed(transaction, tenantId);
    if (events.length === 0) return { ...nothing, head };
    const places = placesAfter(head, events, { key, tenantId });
    const end = places.at(-1) ?? head;
    const macs = places.map(({ mac }) => mac.toString("hex"));
    await transaction.query(sql`
      SELECT fieldgate.seal_events(
        ${String(head.number + 1n)}::bigint, ${events.map(({ id }) => id)}::uuid[], ${macs}::text[],
        ${headSeal(key, tenantId, end).toString("hex")}, ${key.id})`);
    return { tenantId, count: events.length, head: end, fault: null };
  });
  if (sealed.head && sealed.head.number > 0n) heads.set(tenantId, sealed.head);
  return sealed;
}

async function isAlone(transaction: Transaction, tenantId: string): Promise<boolean> {
  const [row] = await transaction.query<{ alone: boolean }>(
    sql`SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCKS.seal}, hashtext(${tenantId})) AS alone`,
  );
  return row?.alone === true;
}

async function committed(transaction: Transaction, tenantId: string): Promise<StoredEvent[]> {
  return await transaction.query<StoredEvent>(sql`
    SELECT ${STORED_EVENT} FROM event e
    WHERE e.tenant_id = ${tenantId}::uuid AND e.number IS NULL
    ORDER BY e.seq LIMIT ${BATCH}`);
}

function placesAfter(
  head: Place,
  events: readonly StoredEvent[],
  { key, tenantId }: { readonly key: EventKey; readonly tenantId: string },
): Place[] {
  let before = head;
  return events.map((event) => (before = placeAfter(key, tenantId, before, event)));
}
