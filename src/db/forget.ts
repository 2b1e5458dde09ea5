import sql, { raw } from "sql-template-tag";
import type { Transaction } from "./transaction.ts";

/** The tables whose rows are forgotten in time, with the columns that say when: each of an index with the tenant. */
type Moment =
  | { readonly table: "access_token"; readonly by: "expires_at" }
  | { readonly table: "dpop_proof"; readonly by: "expires_at" }
  | { readonly table: "login_attempt"; readonly by: "last_at" }
  | { readonly table: "one_time_token"; readonly by: "expires_at" }
  | { readonly table: "remembered_write"; readonly by: "at" }
  | { readonly table: "user_session"; readonly by: "ended_at" | "expires_at" };

/** Which rows may be forgotten: those of a tenant whose moment was then, or before. */
export type Forgettable = Moment & { readonly tenantId: string; readonly until: Date };

/** How many rows go at a time: more than come, so that they do not pile up. */
const FORGOTTEN = 20;

/**
 * Forgets some rows of which nothing is asked any more, those of the longest past first. It waits for nobody: what others
 * hold is left to them, or to the next time.
 */
export async function forget(
  transaction: Transaction,
  { table, by, tenantId, until }: Forgettable,
): Promise<void> {
  // As an array the limit holds: of a subquery that is joined it would hold each time that it is asked. A row that is
  // locked stays in its place.
  await transaction.query(sql`
    DELETE FROM ${raw(table)} WHERE tenant_id = ${tenantId}::uuid AND ctid = ANY (ARRAY(
      SELECT o.ctid FROM ${raw(table)} o
      WHERE o.tenant_id = ${tenantId}::uuid AND o.${raw(by)} <= ${until}
      ORDER BY o.${raw(by)} LIMIT ${FORGOTTEN} FOR UPDATE SKIP LOCKED))`);
}
