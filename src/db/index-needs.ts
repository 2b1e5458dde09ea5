import type pg from "pg";
import sql from "sql-template-tag";
import type { RowFilter } from "../authz/predicate.ts";
import { storedFilters } from "../authz/stored-filters.ts";
import type { Database } from "./database.ts";
import { type SearchIndex, type Searched, searchIndexes } from "./search-indexes.ts";
import { inTransaction } from "./transaction.ts";

/** A tenant, and what tells whether its indexes have to be looked at anew. */
export interface TenantVersion {
  readonly tenant: string;
  readonly version: string;
}

/** An index that is to be built, or to be dropped. */
export interface IndexTask {
  readonly tenantId: string;
  readonly datasetId: string;
  /** The name of the index, in the schema `data`. */
  readonly name: string;
  /** What is to be built; null: it is to be dropped, nothing needs it. */
  readonly wanted: SearchIndex | null;
  /** Whether something of that name is there: of an index that is wanted, what a broken build left. */
  readonly isThere: boolean;
  /** Whether it is built in less time than anybody minds to wait. */
  readonly isSmall: boolean;
}

/** How long a failed build rests before it is tried again. */
const AGAIN_AFTER_S = 600;

/** The tenants that have datasets. */
export async function tenantVersions(database: Database): Promise<TenantVersion[]> {
  const operator = { role: "fieldgate_operator", tenantId: null, mode: "snapshot" } as const;
  return await inTransaction(database, operator, (transaction) =>
    transaction.query<TenantVersion>(sql`SELECT tenant, version FROM fieldgate.index_needs()`),
  );
}

interface Facts {
  readonly dataset_id: string;
  readonly is_small: boolean;
  readonly columns: readonly (Searched & {
    readonly names: Readonly<Record<SearchIndex["kind"], string>>;
  })[];
  readonly row_filters: readonly unknown[];
  readonly indexes: readonly { readonly name: string; readonly isValid: boolean }[];
  /** The names of those that are not to be tried again yet. */
  readonly failed: readonly string[];
}

/**
 * What a tenant's datasets need, what they have and what failed: one statement, and so one state of all. Tables
 * say whose they are, and the id of a dataset alone leads to none.
 */
const FACTS = `
  SELECT d.id AS dataset_id, fieldgate.is_small(t.home) AS is_small,
         ARRAY(SELECT json_build_object(
                 'id', c.id, 'slot', c.slot, 'type', c.type, 'indexed', c.indexed, 'unique', c."unique",
                 'keyPosition', c.key_position, 'names', json_build_object(
                   'ORDERED', fieldgate.search_index_name(d.id, c.slot, 'ORDERED'),
                   'TEXT', fieldgate.search_index_name(d.id, c.slot, 'TEXT')))
               FROM dataset_column c
               WHERE c.tenant_id = d.tenant_id AND c.dataset_id = d.id
               ORDER BY c.position) AS columns,
         ARRAY(SELECT g.row_filters FROM role_grant g
               WHERE g.tenant_id = d.tenant_id AND g.dataset_id = d.id
                 AND g.row_filters IS NOT NULL) AS row_filters,
         ARRAY(SELECT json_build_object('name', x.relname, 'isValid', i.indisvalid)
               FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
               WHERE i.indrelid = t.home AND NOT i.indisunique) AS indexes,
         ARRAY(SELECT fieldgate.search_index_name(d.id, b.slot, b.kind) FROM fieldgate.index_build b
               WHERE b.tenant_id = d.tenant_id AND b.dataset_id = d.id AND (b.failure IS NOT NULL OR $3)
                 AND b.began_at > clock_timestamp() - make_interval(secs => $2)) AS failed
  FROM dataset d
  CROSS JOIN LATERAL (
    SELECT to_regclass(format('data.%I', fieldgate.storage_name('t', d.id))) AS home) t
  WHERE d.tenant_id = $1 AND obj_description(t.home, 'pg_class') = d.tenant_id::text`;

/**
 * What has to be done for the indexes of one tenant. As the owner of its tables, and while nobody else builds.
 *
 * A build that broke off is begun anew, but not at once in the embedded database: one that takes too long ends
 * its thread, and everybody's transactions with it.
 */
export async function indexTasks(
  { owner, database }: { readonly owner: pg.ClientBase; readonly database: Pick<Database, "kind"> },
  tenantId: string,
): Promise<IndexTask[]> {
  const values = [tenantId, AGAIN_AFTER_S, database.kind === "PGlite"];
  const { rows } = await owner.query<Facts>(FACTS, values);
  return rows.flatMap((facts) => tasksOf(tenantId, facts));
}

function tasksOf(tenantId: string, facts: Facts): IndexTask[] {
  const { dataset_id: datasetId, is_small: isSmall, columns, indexes, failed } = facts;
  const place = { tenantId, datasetId, isSmall };
  const needed = new Map(
    searchIndexes(columns, filtersOfReading(facts.row_filters)).flatMap((wanted) => {
      const names = columns.find(({ slot }) => slot === wanted.slot)?.names;
      return names ? [[names[wanted.kind], wanted] as const] : [];
    }),
  );
  const there = new Map(indexes.map(({ name, isValid }) => [name, isValid]));
  const lacking = [...needed].filter(([name]) => !there.get(name) && !failed.includes(name));
  const unused = [...there.keys()].filter((name) => !needed.has(name));
  return [
    ...lacking.map(([name, wanted]) => ({ ...place, name, wanted, isThere: there.has(name) })),
    ...unused.map((name) => ({ ...place, name, wanted: null, isThere: true })),
  ];
}

/** The filters by which rows are found: those of writes are asked of rows that are found already. */
function filtersOfReading(stored: readonly unknown[]): RowFilter[] {
  return stored.flatMap((filters) => storedFilters(filters).READ ?? []);
}
