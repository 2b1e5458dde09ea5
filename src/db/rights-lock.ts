import sql from "sql-template-tag";
import type { Transaction } from "./transaction.ts";

/**
 * Takes the lock that every change of rights takes, as the last statement of a mutation.
 *
 * @param used The version of the rights that the mutation was decided by; null: of no tenant.
 * @returns Whether they are still the rights. If not, the mutation must not commit.
 */
export async function holdRights(
  transaction: Transaction,
  used: string | null,
  changesRights: boolean,
): Promise<boolean> {
  const [row] = await transaction.query<{ held: boolean }>(
    changesRights
      ? sql`SELECT fieldgate.move_rights(${used}::bigint) AS held`
      : sql`SELECT fieldgate.hold_rights(${used}::bigint) AS held`,
  );
  return row?.held === true;
}

/**
 * Takes the lock of the tenant's rights before anything is decided by them: alone to change them, or shared
 * to keep others from changing them.
 */
export async function lockRights(transaction: Transaction, use: "change" | "keep"): Promise<void> {
  await transaction.query(sql`SELECT fieldgate.lock_rights(${use === "change"})`);
}
