import sql from "sql-template-tag";
import type { Claimed, Principal } from "../authz/principal.ts";
import type { Transaction } from "./transaction.ts";

/** What a one-time URL leads to, and whose rights it has. */
export interface Transfer {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: "EXPORT" | "IMPORT";
  readonly principalKind: Principal["kind"];
  /** The id of the key, token, session or user whose rights it has, as the API shows it; null: the public's. */
  readonly principal: string | null;
  /** The names of the roles that it is narrowed to; null: of all. */
  readonly narrowedTo: readonly string[] | null;
  /** What an outside identity claims; null where another thing proves the principal. */
  readonly claimed: Claimed | null;
  /** The input of the mutation that promised it, as JSON. */
  readonly arguments: string;
}

/** A transfer that is promised, until when, and the hash of the text in its URL. */
export interface NewTransfer extends Transfer {
  readonly hash: Uint8Array;
  readonly expiresAt: Date;
}

/** What presents itself as the URL of a transfer. */
export interface PresentedTransfer {
  readonly tenantId: string;
  readonly id: string;
  readonly hash: Uint8Array;
}

/** Sweeps away what has expired, and counts the transfers that a principal, or the public, has left. */
export async function pendingTransfers(
  transaction: Transaction,
  principal: string | null,
  now: Date,
): Promise<number> {
  const [row] = await transaction.query<{ pending: string }>(
    sql`SELECT fieldgate.pending_transfers(${principal}::text, ${now}) AS pending`,
  );
  return Number(row?.pending ?? 0);
}

export async function insertTransfer(
  transaction: Transaction,
  { tenantId, id, kind, principalKind, principal, narrowedTo, claimed, ...transfer }: NewTransfer,
): Promise<void> {
  await transaction.query(sql`
    INSERT INTO transfer (tenant_id, id, kind, secret_hash, principal_kind, principal, narrowed_to,
                          claimed_roles, claimed_until, claimed_by, arguments, expires_at)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${kind}::transfer_kind, ${transfer.hash},
            ${principalKind}::principal_kind, ${principal}, ${narrowedTo}::text[],
            ${claimed?.roles ?? null}::text[], ${claimed?.until ?? null}, ${claimed?.by ?? null}::uuid,
            ${transfer.arguments}, ${transfer.expiresAt})`);
}

/** What was found of a URL: whether its tenant exists, and the transfer if it is still to be had. */
export interface FoundTransfer {
  readonly isTenantKnown: boolean;
  readonly transfer: Transfer | null;
}

interface StoredTransfer extends Omit<Transfer, "claimed"> {
  readonly isFound: boolean;
  readonly claimedRoles: readonly string[] | null;
  readonly claimedUntil: Date | null;
  readonly claimedBy: string | null;
}

/** Looks up what a URL leads to. One that is unknown, used or expired takes the time of one that is not. */
export async function findTransfer(
  transaction: Transaction,
  { tenantId, id, hash }: PresentedTransfer,
  now: Date,
): Promise<FoundTransfer> {
  const [found] = await transaction.query<StoredTransfer>(sql`
    SELECT t.id IS NOT NULL AS "isFound", t.tenant_id AS "tenantId", t.id, t.kind,
           t.principal_kind AS "principalKind", t.principal, t.narrowed_to AS "narrowedTo",
           t.claimed_roles AS "claimedRoles", t.claimed_until AS "claimedUntil",
           t.claimed_by AS "claimedBy", t.arguments
    FROM tenant LEFT JOIN transfer t ON t.tenant_id = tenant.id AND t.id = ${id}::uuid
      AND t.secret_hash = ${hash} AND t.expires_at > ${now}
    WHERE tenant.id = ${tenantId}::uuid`);
  if (!found) return { isTenantKnown: false, transfer: null };
  const { isFound, claimedRoles: roles, claimedUntil: until, claimedBy: by, ...transfer } = found;
  const claimed = roles && until && by !== null ? { roles, until, by } : null;
  return { isTenantKnown: true, transfer: isFound ? { ...transfer, claimed } : null };
}

/** Takes a transfer away, so that it is done once. @returns Whether it was still there. */
export async function takeTransfer(
  transaction: Transaction,
  { tenantId, id, hash }: PresentedTransfer,
): Promise<boolean> {
  const taken = await transaction.query(sql`
    DELETE FROM transfer
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid AND secret_hash = ${hash}
    RETURNING id`);
  return taken.length === 1;
}
