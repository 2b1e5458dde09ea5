import sql from "sql-template-tag";
import type { Transaction } from "../db/transaction.ts";
import { isSame, type Place, placeAfter, START, STORED_EVENT, type StoredEvent } from "./chain.ts";
import type { EventKey } from "./event-key.ts";
import { chainEnd, type ChainFault } from "./head.ts";

/** How many events are read at a time. */
const BATCH = 1_000;

/** What a look at every event of a tenant found. */
export interface Verified {
  /** How many events were found in order, from the first. */
  readonly checked: number;
  readonly fault: ChainFault | null;
  /** The number of the first event that is not as it was sealed; null: all are. */
  readonly firstBroken: number | null;
  /** The end of the chain, as the head tells it. */
  readonly head: Place;
  readonly unsealed: number;
}

/** A head that somebody has read in the log of a server. */
export interface LoggedHead {
  readonly number: number;
  /** In hexadecimal digits. */
  readonly mac: string;
}

interface SealedRow extends StoredEvent {
  readonly number: string;
  readonly mac: Buffer;
}

/**
 * Looks at every sealed event of the transaction's tenant, in order, and at the head.
 *
 * What is removed, altered, or cut off shows, whoever did it, unless the whole end of the chain is put back
 * to what it was at an earlier time, head and all. That shows against a head of the log.
 */
export async function verifyEvents(
  transaction: Transaction,
  key: EventKey,
  tenantId: string,
  logged: LoggedHead | null,
): Promise<Verified> {
  const { head, last, fault: endFault } = await chainEnd(transaction, key, tenantId);
  const unsealed = await countUnsealed(transaction, tenantId);
  if (endFault === "OTHER_KEY") {
    return { checked: 0, fault: endFault, firstBroken: null, head, unsealed };
  }
  const { place, fault, isLogged } = await walk(transaction, { key, tenantId, logged });
  const broken = (found: ChainFault, number: bigint) => ({
    checked: Number(place.number),
    fault: found,
    firstBroken: Number(number),
    head,
    unsealed,
  });
  if (fault) return broken(fault, place.number + 1n);
  const shorter = head.number < last.number ? head.number : last.number;
  if (endFault === "CUT") return broken("CUT", shorter + 1n);
  if (endFault) return broken(endFault, head.number);
  if (logged && !isLogged) {
    const isGone = BigInt(logged.number) > place.number;
    return broken(isGone ? "CUT" : "ALTERED", isGone ? place.number + 1n : BigInt(logged.number));
  }
  return { checked: Number(place.number), fault: null, firstBroken: null, head, unsealed };
}

interface Walk {
  /** The last event that is in order. */
  readonly place: Place;
  /** What is wrong with the one after it. */
  readonly fault: "ALTERED" | "MISSING" | null;
  /** Whether the head of the log was passed on the way. */
  readonly isLogged: boolean;
}

async function walk(
  transaction: Transaction,
  { key, tenantId, logged }: { key: EventKey; tenantId: string; logged: LoggedHead | null },
): Promise<Walk> {
  let place = START;
  let isLogged = false;
  for (;;) {
    const events = await eventsAfter(transaction, tenantId, place.number);
    for (const event of events) {
      const next = placeAfter(key, tenantId, place, event);
      if (BigInt(event.number) !== next.number) return { place, fault: "MISSING", isLogged };
      if (!isSame(next.mac, event.mac)) return { place, fault: "ALTERED", isLogged };
      place = next;
      isLogged ||= isAt(place, logged);
    }
    if (events.length < BATCH) return { place, fault: null, isLogged };
  }
}

function isAt({ number, mac }: Place, logged: LoggedHead | null): boolean {
  return logged !== null && BigInt(logged.number) === number && logged.mac === mac.toString("hex");
}

async function eventsAfter(
  transaction: Transaction,
  tenantId: string,
  number: bigint,
): Promise<SealedRow[]> {
  return await transaction.query<SealedRow>(sql`
    SELECT ${STORED_EVENT}, e.number::text, e.mac FROM event e
    WHERE e.tenant_id = ${tenantId}::uuid AND e.number > ${String(number)}::bigint
    ORDER BY e.number LIMIT ${BATCH}`);
}

async function countUnsealed(transaction: Transaction, tenantId: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(sql`
    SELECT count(*)::integer AS count FROM event e
    WHERE e.tenant_id = ${tenantId}::uuid AND e.number IS NULL`);
  return row?.count ?? 0;
}
