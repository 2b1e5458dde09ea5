import sql from "sql-template-tag";
import { forget } from "./forget.ts";
import type { Transaction } from "./transaction.ts";

/** A call that writes rows, by what tells it from others, and what it was given. */
export interface WriteClaim {
  readonly tenantId: string;
  /** Who calls: what stands in `created_by` of what it makes. */
  readonly principal: string;
  /** The permission of the method. */
  readonly method: string;
  readonly key: string;
  /** Of the arguments; they themselves are not kept. */
  readonly digest: Buffer;
  readonly at: Date;
}

/** What became of one row of a call. */
export interface RememberedRow {
  readonly written: {
    readonly id: string;
    readonly operation: string;
    readonly version: number | null;
  } | null;
  readonly faults: readonly {
    readonly column: string | null;
    readonly code: string;
    readonly currentVersion: number | undefined;
  }[];
}

/** A call that was made before. */
export interface RememberedWrite {
  readonly digest: Buffer;
  readonly results: readonly RememberedRow[];
}

/** How long a call is remembered. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * Claims a key for a call, unless it was claimed within 24 hours. Who claims it at the same time waits until this
 * transaction ends: then it finds what this one remembers, or, if it left nothing, has the key for itself.
 *
 * @returns The call that had the key before; null: it is now that of this call.
 */
export async function claimWrite(
  transaction: Transaction,
  { tenantId, principal, method, key, digest, at }: WriteClaim,
): Promise<RememberedWrite | null> {
  const claimed = await transaction.query(sql`
    INSERT INTO remembered_write AS w (tenant_id, principal, method, key, digest, at)
    VALUES (${tenantId}::uuid, ${principal}, ${method}, ${key}, ${digest}, ${at})
    ON CONFLICT (tenant_id, principal, method, key) DO UPDATE
      SET digest = excluded.digest, at = excluded.at, results = '[]'
      WHERE w.at <= ${endOf(at)}
    RETURNING true AS claimed`);
  if (claimed.length > 0) return null;
  const [before] = await transaction.query<RememberedWrite>(sql`
    SELECT digest, results FROM remembered_write
    WHERE tenant_id = ${tenantId}::uuid AND principal = ${principal} AND method = ${method} AND key = ${key}`);
  return before ?? null;
}

/** Remembers what became of the rows of a call that has claimed its key. */
export async function rememberResults(
  transaction: Transaction,
  { tenantId, principal, method, key }: WriteClaim,
  results: readonly RememberedRow[],
): Promise<void> {
  await transaction.query(sql`
    UPDATE remembered_write SET results = ${JSON.stringify(results)}::json
    WHERE tenant_id = ${tenantId}::uuid AND principal = ${principal} AND method = ${method} AND key = ${key}`);
}

/** Forgets some of the calls of a tenant that are older than they are remembered; not those that others forget. */
export async function sweepWrites(
  transaction: Transaction,
  { tenantId, at }: Pick<WriteClaim, "tenantId" | "at">,
): Promise<void> {
  await forget(transaction, { table: "remembered_write", by: "at", tenantId, until: endOf(at) });
}

/** What was remembered then is not any more. */
function endOf(at: Date): Date {
  return new Date(at.getTime() - KEPT_MS);
}
