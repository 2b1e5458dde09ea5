import sql, { type Sql } from "sql-template-tag";
import type { DatasetDefinition } from "./dataset-definition.ts";
import { type PlannedDataset, rowsInSight } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** All that one row leads to by one link. */
export interface LinkCell {
  readonly linkId: string;
  readonly sourceId: string;
  /** Of rows that {@link lockTargets} has found. */
  readonly targetIds: readonly string[];
}

/**
 * Keeps those of the rows that the caller sees from being deleted until the transaction ends, in the order
 * of their ids, so that links to them can be written. Who deletes them meanwhile finds the links.
 *
 * @returns The ids of those that are seen.
 */
export async function lockTargets(
  transaction: Transaction,
  dataset: PlannedDataset,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await transaction.query<{ id: string }>(sql`
    SELECT v.id FROM ${rowsInSight(dataset)} v
    WHERE v.id = ANY (${ids}::uuid[]) ORDER BY v.id FOR KEY SHARE`);
  return new Set(rows.map(({ id }) => id));
}

/** Writes link cells of new rows, which have none yet, in one statement. */
export async function insertLinks(
  transaction: Transaction,
  { tenantId }: DatasetDefinition,
  cells: readonly LinkCell[],
): Promise<void> {
  const links = linksIn(cells);
  if (links.length === 0) return;
  await transaction.query(sql`
    INSERT INTO row_link (tenant_id, link_id, source_id, target_id)
    SELECT ${tenantId}::uuid, n.link_id, n.source_id, n.target_id FROM ${asRelation(links)} n
    ON CONFLICT DO NOTHING`);
}

/** Writes link cells in place of what they were, in two statements. The rows have to be locked. */
export async function replaceLinks(
  transaction: Transaction,
  definition: DatasetDefinition,
  cells: readonly LinkCell[],
): Promise<void> {
  if (cells.length === 0) return;
  const written = cells.map(({ linkId, sourceId }) => ({ linkId, sourceId, targetId: null }));
  await removeLinks(
    transaction,
    definition,
    sql`(l.link_id, l.source_id) IN (SELECT w.link_id, w.source_id FROM ${asRelation(written)} w)
        AND NOT EXISTS (
          SELECT FROM ${asRelation(linksIn(cells))} n
          WHERE n.link_id = l.link_id AND n.source_id = l.source_id AND n.target_id = l.target_id)`,
  );
  await insertLinks(transaction, definition, cells);
}

/** Removes all that leads from rows of a dataset, and to them. The rows have to be locked. */
export async function removeLinksOf(
  transaction: Transaction,
  definition: DatasetDefinition,
  rowIds: readonly string[],
): Promise<void> {
  const linkIds = definition.links.map(({ id }) => id);
  await removeLinks(
    transaction,
    definition,
    sql`((l.link_id = ANY (${linkIds}::uuid[]) AND l.source_id = ANY (${rowIds}::uuid[]))
         OR l.target_id = ANY (${rowIds}::uuid[]))`,
  );
}

/** Removes links in one order, so that of two that remove the same ones neither waits in a circle. */
async function removeLinks(
  transaction: Transaction,
  { tenantId }: DatasetDefinition,
  condition: Sql,
): Promise<void> {
  await transaction.query(sql`
    WITH gone AS (
      SELECT l.link_id, l.source_id, l.target_id FROM row_link l
      WHERE l.tenant_id = ${tenantId}::uuid AND ${condition}
      ORDER BY l.link_id, l.source_id, l.target_id FOR UPDATE)
    DELETE FROM row_link l USING gone g
    WHERE l.tenant_id = ${tenantId}::uuid AND l.link_id = g.link_id
      AND l.source_id = g.source_id AND l.target_id = g.target_id`);
}

interface Link {
  readonly linkId: string;
  readonly sourceId: string;
  readonly targetId: string | null;
}

function linksIn(cells: readonly LinkCell[]): Link[] {
  return cells.flatMap(({ linkId, sourceId, targetIds }) =>
    targetIds.map((targetId) => ({ linkId, sourceId, targetId })),
  );
}

function asRelation(links: readonly Link[]): Sql {
  return sql`
    (SELECT * FROM unnest(
       ${links.map(({ linkId }) => linkId)}::uuid[], ${links.map(({ sourceId }) => sourceId)}::uuid[],
       ${links.map(({ targetId }) => targetId)}::uuid[]) AS u (link_id, source_id, target_id))`;
}
