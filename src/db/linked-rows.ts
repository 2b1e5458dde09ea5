import sql, { join, type Sql } from "sql-template-tag";
import { NIL_UUID } from "./id.ts";
import { type PlannedDataset, readableColumns, readableView } from "./readable-view.ts";
import { fromView, type Row, rowsShown, type ShownRow, shownSql } from "./shown-row.ts";
import { boundedTypes } from "./too-large-error.ts";
import type { Transaction } from "./transaction.ts";

/** The rows that one row leads to by a link which the caller may read in it. */
export interface LinkedRows {
  readonly linkId: string;
  readonly sourceId: string;
  /** The dataset of the link's target, as the caller knows it. */
  readonly target: PlannedDataset;
}

/** One page of them, by their ids. */
export interface LinkedPageRequest extends LinkedRows {
  /** Only rows whose id comes after this one; null: from the first. */
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Reads pages of linked rows in one statement, however many rows lead to them.
 *
 * The targets come from their readable view and from nothing else: one that the caller does not see is
 * neither in a page nor does it take a place in one.
 *
 * @returns The pages; null where they would hold more than `most` rows together.
 */
export async function linkedPages(
  transaction: Transaction,
  requests: readonly LinkedPageRequest[],
  most: number,
): Promise<Row[][] | null> {
  const pages: Row[][] = requests.map(() => []);
  const parts = [...grouped(requests, ({ linkId, limit }) => `${linkId} ${limit}`)];
  const { text, values } = sql`${join(
    parts.map((part) => sql`(${pagesSql(part)})`),
    " UNION ALL ",
  )} LIMIT ${most + 1}`;
  const types = boundedTypes();
  const { rows } = await transaction.send<ShownRow & { readonly request: number }>({
    text,
    values,
    types,
  });
  if (rows.length > most) return null;
  const rowsOf = new Map(
    parts.flatMap((part) => {
      const made = rowsShown(part.target);
      return part.places.map((place) => [place, made] as const);
    }),
  );
  // Sorted by the database, all of them would have to be read before it finds that they are too many.
  for (const row of rows.toSorted(byId)) {
    const made = rowsOf.get(row.request)?.(row, { id: row.id, cells: [] });
    if (made) pages[row.request]?.push(made);
  }
  return pages;
}

/** Counts linked rows in one statement, of those that the caller sees. */
export async function linkedCounts(
  transaction: Transaction,
  requests: readonly LinkedRows[],
): Promise<number[]> {
  const parts = [...grouped(requests, ({ linkId }) => linkId)];
  const counted = await transaction.query<{ request: number; count: string }>(
    join(parts.map(countsSql), " UNION ALL "),
  );
  const counts = new Map(counted.map(({ request, count }) => [request, Number(count)]));
  return requests.map((_request, index) => counts.get(index) ?? 0);
}

/** Requests that differ in the rows that they begin with alone: one part of a statement. */
interface Part<Request extends LinkedRows> {
  readonly linkId: string;
  readonly target: PlannedDataset;
  /** The requests, and the place of each among all. */
  readonly requests: Request[];
  readonly places: number[];
}

function grouped<Request extends LinkedRows>(
  requests: readonly Request[],
  likeness: (request: Request) => string,
): Iterable<Part<Request>> {
  const parts = new Map<string, Part<Request>>();
  for (const [place, request] of requests.entries()) {
    const key = likeness(request);
    const { linkId, target } = request;
    const part = parts.get(key) ?? { linkId, target, requests: [], places: [] };
    part.requests.push(request);
    part.places.push(place);
    parts.set(key, part);
  }
  return parts.values();
}

function pagesSql({ linkId, target, requests, places }: Part<LinkedPageRequest>): Sql {
  const columns = readableColumns(target);
  const after = requests.map((request) => request.after ?? NIL_UUID);
  // Cells of overflow are only shown here: nothing is sought.
  const view = readableView(target, new Set());
  return sql`
    SELECT s.request, ${shownSql(target, columns)}
    FROM unnest(${places}::integer[], ${sourcesOf(requests)}::uuid[], ${after}::uuid[])
           AS s (request, source_id, after_id)
    CROSS JOIN LATERAL (
      SELECT ${fromView(target, columns)}
      FROM ${linksOf(target, linkId)} l JOIN ${view} v ON v.id = l.target_id
      WHERE l.source_id = s.source_id AND l.target_id > s.after_id
      ORDER BY l.target_id LIMIT ${requests[0]?.limit ?? 0}) r`;
}

/** UUIDs are in the order of their texts. */
const byId = (one: ShownRow, other: ShownRow): number => (one.id < other.id ? -1 : 1);

function countsSql({ linkId, target, requests, places }: Part<LinkedRows>): Sql {
  return sql`
    SELECT s.request, (
      SELECT count(*) FROM ${linksOf(target, linkId)} l
      JOIN ${readableView(target)} v ON v.id = l.target_id
      WHERE l.source_id = s.source_id) AS count
    FROM unnest(${places}::integer[], ${sourcesOf(requests)}::uuid[]) AS s (request, source_id)`;
}

function linksOf({ definition: { tenantId } }: PlannedDataset, linkId: string): Sql {
  return sql`
    (SELECT source_id, target_id FROM row_link
     WHERE tenant_id = ${tenantId}::uuid AND link_id = ${linkId}::uuid)`;
}

function sourcesOf(requests: readonly LinkedRows[]): string[] {
  return requests.map(({ sourceId }) => sourceId);
}
