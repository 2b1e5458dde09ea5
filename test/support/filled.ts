import sql, { raw } from "sql-template-tag";
import { inTransaction } from "../../src/db/transaction.ts";
import { digitsOf, WRITING } from "../db/as-role.ts";
import type { World } from "./world.ts";

/** Rows of one statement, each of which has a deadline. */
const AT_ONCE = 20_000;

/**
 * Fills a dataset with many rows at once, as a member of its tenant.
 *
 * @param cells SQL of the cells of row `n`, by the slots of their columns.
 */
export async function fill(
  { database, tenantId }: World,
  dataset: { readonly id: string },
  { rows, cells }: { readonly rows: number; readonly cells: Readonly<Record<number, string>> },
): Promise<void> {
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  const slots = Object.entries(cells);
  const names = slots.map(([slot]) => `, c${slot}`).join("");
  const values = slots.map(([, cell]) => `, ${cell}`).join("");
  await inTransaction(database, reach, async (transaction) => {
    await transaction.query(raw(WRITING));
    for (let after = 0; after < rows; after += AT_ONCE) {
      // eslint-disable-next-line no-await-in-loop
      await transaction.query(sql`
        INSERT INTO ${raw(viewOf(dataset))}
          (id, created_at, created_by, updated_at, updated_by${raw(names)})
        SELECT gen_random_uuid(), now(), '', now(), ''${raw(values)}
        FROM generate_series(${after + 1}::integer, ${Math.min(after + AT_ONCE, rows)}::integer) n`);
    }
  });
}

/** The name of a dataset's view. */
export function viewOf({ id }: { readonly id: string }): string {
  return `data.d_${digitsOf(id)}`;
}

/** The name of a dataset's table. */
export function tableOf({ id }: { readonly id: string }): string {
  return `data.t_${digitsOf(id)}`;
}
