import sql, { join, raw } from "sql-template-tag";
import { columnsIn, type Predicate } from "../authz/predicate.ts";
import { predicateSql } from "./predicate-sql.ts";
import { columnsById, computedView, type PlannedDataset } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** The rows of a readable view that match a filter. */
export interface CountRequest {
  readonly dataset: PlannedDataset;
  readonly filter: Predicate;
}

/** Counts rows of many readable views in one statement. */
export async function rowCounts(
  transaction: Transaction,
  requests: readonly CountRequest[],
): Promise<number[]> {
  const counted = await transaction.query<{ request: number; count: string }>(
    join(
      requests.map(
        ({ dataset, filter }, index) => sql`
          SELECT ${raw(String(index))} AS request, count(*)
          FROM ${computedView(dataset, columnsIn(filter))} v
          WHERE ${predicateSql(filter, columnsById(dataset.definition))}`,
      ),
      " UNION ALL ",
    ),
  );
  const counts = new Map(counted.map(({ request, count }) => [request, Number(count)]));
  return requests.map((_request, index) => counts.get(index) ?? 0);
}
