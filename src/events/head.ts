import sql from "sql-template-tag";
import type { Transaction } from "../db/transaction.ts";
import { headSeal, isSame, type Place, START } from "./chain.ts";
import type { EventKey } from "./event-key.ts";

/** What is wrong with a chain of events. */
export type ChainFault =
  /** The chain was sealed under another key than this. */
  | "OTHER_KEY"
  /** An event is not what was sealed. */
  | "ALTERED"
  /** An event is not there, and others after it are. */
  | "MISSING"
  /** The chain ends before, or after, the place that its head tells. */
  | "CUT"
  /** The head is not what was sealed. */
  | "HEAD";

/** The end of a tenant's chain, as its head tells it, and the last event that is there. */
export interface ChainEnd {
  readonly head: Place;
  readonly last: Place;
  /** What is wrong with the head by itself, or with both together. */
  readonly fault: ChainFault | null;
}

interface HeadRow {
  readonly number: string | null;
  readonly mac: Buffer | null;
  readonly seal: Buffer | null;
  readonly key_id: string | null;
  readonly last_number: string | null;
  readonly last_mac: Buffer | null;
}

/** Reads the end of the chain of the transaction's tenant. Where nothing is sealed, it is the start. */
export async function chainEnd(
  transaction: Transaction,
  key: EventKey,
  tenantId: string,
): Promise<ChainEnd> {
  const [row] = await transaction.query<HeadRow>(sql`
    SELECT h.number::text, h.mac, h.seal, h.key_id, l.number::text AS last_number, l.mac AS last_mac
    FROM (SELECT) one
    LEFT JOIN event_head h ON h.tenant_id = ${tenantId}::uuid
    LEFT JOIN LATERAL (
      SELECT e.number, e.mac FROM event e
      WHERE e.tenant_id = ${tenantId}::uuid AND e.number IS NOT NULL
      ORDER BY e.number DESC LIMIT 1) l ON true`);
  const head = placeOf(row?.number, row?.mac);
  const last = placeOf(row?.last_number, row?.last_mac);
  return { head, last, fault: faultOf(row, { head, last }, { key, tenantId }) };
}

function placeOf(number: string | null | undefined, mac: Buffer | null | undefined): Place {
  return number && mac ? { number: BigInt(number), mac } : START;
}

function faultOf(
  row: HeadRow | undefined,
  { head, last }: Pick<ChainEnd, "head" | "last">,
  { key, tenantId }: { readonly key: EventKey; readonly tenantId: string },
): ChainFault | null {
  if (row?.key_id && row.key_id !== key.id) return "OTHER_KEY";
  const isSealed = head === START || isSame(headSeal(key, tenantId, head), row?.seal ?? head.mac);
  if (!isSealed) return "HEAD";
  return head.number === last.number && isSame(head.mac, last.mac) ? null : "CUT";
}
