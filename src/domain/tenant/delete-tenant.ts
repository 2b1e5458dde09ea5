import sql from "sql-template-tag";
import type { Database } from "../../db/database.ts";
import { dropStorage } from "../../db/dataset-storage.ts";
import { inTransaction } from "../../db/transaction.ts";

/** Deletes a tenant with everything in it, all at once. One that does not exist is passed over. */
export async function deleteTenant(database: Database, slug: string): Promise<void> {
  const operator = { role: "fieldgate_operator", tenantId: null, mode: "write" } as const;
  const [tenant] = await inTransaction(database, operator, (transaction) =>
    transaction.query<{ id: string }>(sql`SELECT t.id FROM tenant t WHERE t.slug = ${slug}`),
  );
  if (!tenant) return;
  const member = { role: "fieldgate_member", tenantId: tenant.id, mode: "write" } as const;
  await inTransaction(database, member, async (transaction) => {
    // Its import first, as whoever fills it does: only then its table.
    const stored = await transaction.query<{ id: string }>(sql`
      WITH held AS (
        SELECT i.id FROM dataset_import i WHERE i.tenant_id = ${tenant.id}::uuid
        ORDER BY i.id FOR UPDATE)
      SELECT d.id FROM dataset d WHERE d.tenant_id = ${tenant.id}::uuid
      UNION ALL
      SELECT i.id FROM held i`);
    for (const { id } of stored) await dropStorage(transaction, id);
    await transaction.query(sql`SET LOCAL ROLE fieldgate_operator`);
    await transaction.query(sql`DELETE FROM tenant WHERE id = ${tenant.id}::uuid`);
  });
}
