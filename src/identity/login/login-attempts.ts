import { blockOf } from "../../db/address-block.ts";
import { createHash } from "node:crypto";
import sql from "sql-template-tag";
import { forget } from "../../db/forget.ts";
import type { Transaction } from "../../db/transaction.ts";

/** For how long an attempt counts, in milliseconds. */
const WINDOW_MS = 15 * 60 * 1_000;

/** How many password hashes one account, or one device of it, has in that time. */
const MOST_OF_ACCOUNT = 10;

/** How many attempts that fail come from one address in that time: many people may share it. */
const MOST_OF_ADDRESS = 300;

/** Whose attempts are counted: each is a bucket of its own. */
export interface Attempting {
  readonly tenantId: string;
  /** What the account is called by whoever tries, known or not; null: it is about none. */
  readonly account: string | null;
  /** The device that a login was made from before; null: whoever comes. */
  readonly deviceId: string | null;
  /** What is tried: an address that does one of them too often can still do the others. */
  readonly purpose: "LOGIN" | "REGISTRATION" | "TOKEN";
  /** The address of who tries, as far as it is known; null: it is not. */
  readonly ip: string | null;
}

/**
 * Counts an attempt, before its password is hashed, and whether it succeeds or not: those that come at once wait for
 * each other. To be committed whatever becomes of the attempt.
 *
 * A device that the account knows has a bucket of its own, so that strangers who try it do not lock out its owner.
 *
 * @returns Whether there are few enough.
 */
export async function countAttempt(
  transaction: Transaction,
  attempting: Attempting,
  now: Date,
): Promise<boolean> {
  const { tenantId } = attempting;
  for (const { name, most } of bucketsOf(attempting)) {
    const counted = await transaction.query(sql`
      INSERT INTO login_attempt AS a (tenant_id, bucket, at, last_at)
      VALUES (${tenantId}::uuid, ${name}, ARRAY[${now}::timestamptz], ${now})
      ON CONFLICT (tenant_id, bucket) DO UPDATE SET at = array_append(ARRAY(
        SELECT each FROM unnest(a.at) AS each WHERE each > ${since(now)}::timestamptz ORDER BY each),
        ${now}::timestamptz), last_at = greatest(a.last_at, excluded.last_at)
      WHERE (SELECT count(*) FROM unnest(a.at) AS each WHERE each > ${since(now)}::timestamptz) < ${most}
      RETURNING bucket`);
    if (counted.length === 0) return false;
  }
  // Last, since it waits for nobody: two that each waited for what the other swept would wait for ever.
  await forget(transaction, {
    table: "login_attempt",
    by: "last_at",
    tenantId,
    until: since(now),
  });
  return true;
}

/** Takes an attempt that succeeded from those of its address: what is counted there are the others. */
export async function forgiveAddress(
  transaction: Transaction,
  attempting: Attempting,
  at: Date,
): Promise<void> {
  const { tenantId } = attempting;
  const address = bucketsOf(attempting).find(({ most }) => most === MOST_OF_ADDRESS);
  if (!address) return;
  await transaction.query(sql`
    UPDATE login_attempt a
    SET at = a.at[:array_position(a.at, ${at}::timestamptz) - 1]
          || a.at[array_position(a.at, ${at}::timestamptz) + 1:]
    WHERE ${at}::timestamptz = ANY (a.at) AND tenant_id = ${tenantId}::uuid AND bucket = ${address.name}`);
}

interface Bucket {
  readonly name: Buffer;
  readonly most: number;
}

/** That of the account or of its device, then that of the address, where a stranger comes from one. */
function bucketsOf({ account, deviceId, purpose, ip }: Attempting): Bucket[] {
  const own = { name: named("account", purpose, account, deviceId), most: MOST_OF_ACCOUNT };
  const address = { name: named("address", purpose, blockOf(ip)), most: MOST_OF_ADDRESS };
  const isKnown = deviceId !== null || ip === null;
  return [...(account === null ? [] : [own]), ...(isKnown ? [] : [address])];
}

function named(...parts: readonly (string | null)[]): Buffer {
  return createHash("sha256").update(JSON.stringify(parts)).digest();
}

function since(now: Date): Date {
  return new Date(now.getTime() - WINDOW_MS);
}
