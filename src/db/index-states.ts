import sql from "sql-template-tag";
import type { Transaction } from "./transaction.ts";

/** How it stands with the index of a column that is marked as indexed. */
export interface IndexState {
  readonly columnId: string;
  readonly isReady: boolean;
  /** How far its build is, of a hundred; null: it has not begun. */
  readonly progress: number | null;
  /** Why it could not be built: a cell is too long, or the database failed; null: it was not tried in vain. */
  readonly failure: "TOO_LONG" | "DATABASE" | null;
}

/** How it stands with the indexes of the columns of datasets that are marked as indexed. */
export async function indexStates(
  transaction: Transaction,
  datasetIds: readonly string[],
): Promise<IndexState[]> {
  return await transaction.query<IndexState>(sql`
    SELECT column_id AS "columnId", is_ready AS "isReady", progress, failure
    FROM fieldgate.index_states(${datasetIds}::uuid[])`);
}
