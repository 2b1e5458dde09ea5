import sql, { join, type Sql } from "sql-template-tag";
import type { AccessLevel } from "../authz/access-plan.ts";
import type { Grant, Setting } from "../authz/branch.ts";
import { ACTIONS, type Action } from "../authz/action.ts";
import { storedFilters } from "../authz/stored-filters.ts";
import type { CellValue } from "../cell/cell-value.ts";
import type { ColumnRules } from "../cell/column-type.ts";
import type { Transaction } from "./transaction.ts";

/** The most links of a dataset. */
export const MOST_LINKS = 100;

/** What is said for a cell that may not be read: nothing, no value, or that it may not be read. */
export type WhenDenied = "ABSENT" | "NULL" | "ERROR";

/** A column as it is stored: its rules, and where its cells live. */
export interface ColumnDefinition extends ColumnRules {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Its cells are `c<slot>` of the dataset's view. */
  readonly slot: number;
  readonly position: number;
  /** Its place among the key columns, from 1; null: none of them. */
  readonly keyPosition: number | null;
  readonly editable: boolean;
  readonly tellsTaken: boolean;
  /** What `Row.cell` answers to whoever may not read the cell. */
  readonly whenDenied: WhenDenied;
  readonly default: CellValue;
  /** The column whose values are this one's options. */
  readonly optionsFrom: string | null;
}

/** A column that has no place in the table of a dataset yet. */
export type NewColumn = Omit<ColumnDefinition, "id" | "slot" | "position">;

/** A column of which nothing is known but its name and type. */
export const PLAIN_COLUMN: Omit<NewColumn, "name" | "label" | "type" | "options"> = {
  description: "",
  required: false,
  unique: false,
  indexed: false,
  keyPosition: null,
  editable: true,
  tellsTaken: false,
  whenDenied: "ABSENT",
  default: null,
  min: null,
  max: null,
  maxLength: null,
  pattern: null,
  optionsFrom: null,
};

/** From the rows of one dataset to those of another, or to others of its own. */
export interface LinkDefinition {
  readonly id: string;
  /** No other link of the dataset has it, and no column. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** The dataset whose rows it leads to. */
  readonly targetId: string;
  /** Whether one row may lead to several. */
  readonly many: boolean;
}

/** A column or a link: a part of rows that rights are given on. */
export type Field = Pick<ColumnDefinition | LinkDefinition, "id" | "name">;

/** A dataset as it is stored, with the grants that some roles have on it. */
export interface DatasetDefinition {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly accessLevel: AccessLevel;
  /** Whether who reads its rows is logged. */
  readonly auditReads: boolean;
  readonly version: number;
  readonly rowTag: number;
  readonly nextSlot: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  /** In their order. */
  readonly columns: readonly ColumnDefinition[];
  /** In the order in which they were made. */
  readonly links: readonly LinkDefinition[];
  readonly grants: readonly Grant[];
}

/** Which datasets to read: any that one of these names. */
export interface Wanted {
  readonly ids?: readonly string[];
  readonly names?: readonly string[];
  readonly rowTags?: readonly number[];
  /** Datasets that hold one of these columns. */
  readonly columnIds?: readonly string[];
  /** Datasets that hold one of these links. */
  readonly linkIds?: readonly string[];
}

interface DatasetRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly access_level: AccessLevel;
  readonly audit_reads: boolean;
  readonly version: number;
  readonly row_tag: string;
  readonly next_slot: number;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly columns: readonly ColumnDefinition[];
  readonly links: readonly LinkDefinition[];
  readonly grants: readonly StoredGrant[];
}

/** A grant as it is stored, read by Prisma or by SQL under the same names. */
export interface StoredGrant extends Readonly<Record<Lowercase<Action>, Setting | null>> {
  readonly roleId: string;
  readonly columnId: string | null;
  readonly linkId: string | null;
  /** Row filters in normal form, by action; null: none. See {@link storedFilters}. */
  readonly rowFilters: unknown;
}

/**
 * Reads the definitions of datasets with the grants of `roleIds` on them, in one statement however many
 * there are. Those that do not exist in the tenant are absent.
 */
export async function datasetDefinitions(
  transaction: Transaction,
  tenantId: string,
  roleIds: readonly string[],
  { ids = [], names = [], rowTags = [], columnIds = [], linkIds = [] }: Wanted,
): Promise<DatasetDefinition[]> {
  // Only what is asked for: an index leads to each, and an OR with anything else scans the tenant's datasets.
  const named = [
    ...(ids.length > 0 ? [sql`d.id = ANY (${ids}::uuid[])`] : []),
    ...(names.length > 0 ? [sql`d.name = ANY (${names}::text[])`] : []),
    ...(rowTags.length > 0 ? [sql`d.row_tag = ANY (${rowTags}::bigint[])`] : []),
    ...(columnIds.length > 0 ? [sql`d.id IN (${holdingColumn(tenantId, columnIds)})`] : []),
    ...(linkIds.length > 0 ? [sql`d.id IN (${holdingLink(tenantId, linkIds)})`] : []),
  ];
  if (named.length === 0) return [];
  const rows = await transaction.query<DatasetRow>(
    sql`
    SELECT d.id, d.tenant_id, d.name, d.label, d.description, d.access_level, d.audit_reads,
           d.version, d.row_tag, d.next_slot, d.created_at, d.created_by, d.updated_at, d.updated_by,
           (SELECT coalesce(json_agg(${COLUMN_JSON} ORDER BY c.position, c.slot), '[]')
            FROM dataset_column c
            WHERE c.tenant_id = d.tenant_id AND c.dataset_id = d.id) AS columns,
           (SELECT coalesce(json_agg(${LINK_JSON} ORDER BY l.id), '[]')
            FROM dataset_link l
            WHERE l.tenant_id = d.tenant_id AND l.dataset_id = d.id) AS links,
           (SELECT coalesce(json_agg(${GRANT_JSON}), '[]')
            FROM role_grant g
            WHERE g.tenant_id = d.tenant_id AND g.dataset_id = d.id
              AND g.role_id = ANY (${roleIds}::uuid[])) AS grants
    FROM dataset d
    WHERE d.tenant_id = ${tenantId}::uuid
      AND (${join(named, " OR ")})`,
    // A text for each way of naming them.
    `datasets ${[ids, names, rowTags, columnIds, linkIds].map(({ length }) => Math.min(length, 1)).join("")}`,
  );
  return rows.map(definitionOf);
}

/** JSON's null is no filter, and is not to be taken for none. */
const ROW_FILTERS = sql`
  CASE jsonb_typeof(g.row_filters) WHEN 'null' THEN to_jsonb(false) ELSE g.row_filters END`;

/** The datasets that hold one of these columns. */
function holdingColumn(tenantId: string, columnIds: readonly string[]): Sql {
  return sql`
    SELECT c.dataset_id FROM dataset_column c
    WHERE c.tenant_id = ${tenantId}::uuid AND c.id = ANY (${columnIds}::uuid[])`;
}

/** The datasets that hold one of these links. */
function holdingLink(tenantId: string, linkIds: readonly string[]): Sql {
  return sql`
    SELECT l.dataset_id FROM dataset_link l
    WHERE l.tenant_id = ${tenantId}::uuid AND l.id = ANY (${linkIds}::uuid[])`;
}

const COLUMN_JSON = sql`
  json_build_object(
    'id', c.id, 'name', c.name, 'label', c.label, 'description', c.description, 'type', c.type,
    'slot', c.slot, 'position', c.position, 'required', c.required, 'unique', c.unique,
    'keyPosition', c.key_position, 'indexed', c.indexed, 'editable', c.editable,
    'tellsTaken', c.tells_taken, 'whenDenied', c.when_denied, 'default', c.default_value, 'min', c.min, 'max', c.max,
    'maxLength', c.max_length, 'pattern', c.pattern,
    'options', CASE WHEN cardinality(c.options) > 0 THEN c.options END,
    'optionsFrom', c.options_from)`;

const LINK_JSON = sql`
  json_build_object(
    'id', l.id, 'name', l.name, 'label', l.label, 'description', l.description,
    'targetId', l.target_id, 'many', l.many)`;

const GRANT_JSON = sql`
  json_build_object(
    'roleId', g.role_id, 'columnId', g.column_id, 'linkId', g.link_id, 'read', g.read,
    'create', g.create, 'update', g.update, 'delete', g.delete, 'rowFilters', ${ROW_FILTERS})`;

function definitionOf(row: DatasetRow): DatasetDefinition {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    label: row.label,
    description: row.description,
    accessLevel: row.access_level,
    auditReads: row.audit_reads,
    version: row.version,
    rowTag: Number(row.row_tag),
    nextSlot: row.next_slot,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    columns: row.columns,
    links: row.links,
    grants: row.grants.map(grantOf),
  };
}

/** The columns and links of a dataset. */
export function fieldsOf({ columns, links }: DatasetDefinition): readonly Field[] {
  return [...columns, ...links];
}

/** A stored grant as decisions are made by it. */
export function grantOf({ roleId, columnId, linkId, rowFilters, ...stored }: StoredGrant): Grant {
  const set = ACTIONS.flatMap((action) => {
    const setting = stored[action.toLowerCase() as Lowercase<Action>];
    return setting === null ? [] : [[action, setting] as const];
  });
  return {
    roleId,
    fieldId: columnId ?? linkId,
    settings: Object.fromEntries(set),
    rowFilters: storedFilters(rowFilters),
  };
}
