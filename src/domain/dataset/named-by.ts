import sql from "sql-template-tag";
import { isFieldKnown } from "../../authz/access-plan.ts";
import { permitsAny } from "../../authz/rights.ts";
import { encodeId, NIL_UUID } from "../../db/id.ts";
import { TOKENS_WITH_KEYS, tokenStatus } from "../../db/token-status.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError } from "../../graphql/errors.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { columnKnown } from "./column.ts";

/** Something that names a column, by which the column cannot go or change its type. */
export interface NamedBy {
  readonly kind: "KEY" | "OPTIONS" | "ROW_FILTER" | "CONDITION";
  readonly dataset: string;
  /** The column that takes its options; null of all others. */
  readonly column: string | null;
  readonly id: string;
}

/**
 * Refuses to change or remove columns while others take their options from them.
 *
 * @param gone The columns that vanish with them, which may.
 * @throws {ConflictError} listing those that the caller knows.
 */
export async function requireNoOptionsFrom(
  context: Context,
  columnIds: readonly string[],
  gone: readonly string[] = [],
): Promise<void> {
  const { transaction, tenant } = context;
  const found = await transaction.query<{ id: string }>(sql`
    SELECT c.id FROM dataset_column c
    WHERE c.tenant_id = ${tenant?.id ?? NIL_UUID}::uuid AND c.options_from = ANY (${columnIds}::uuid[])
      AND c.id <> ALL (${gone}::uuid[])`);
  if (found.length === 0) return;
  const known = await Promise.all(found.map(({ id }) => columnKnown(context, id)));
  refuse(
    "Other columns take their options from it.",
    known.flatMap((column) =>
      column
        ? {
            kind: "OPTIONS",
            dataset: column.dataset.definition.name,
            column: column.definition.name,
            id: encodeId("Column", column.definition.id),
          }
        : [],
    ),
  );
}

/**
 * Refuses to change or remove a column while row filters of grants name it: they would let no row through.
 *
 * @throws {ConflictError} listing the grants that the caller knows.
 */
export async function requireNoRowFilter(
  { transaction, rights }: Context,
  { definition, plan }: KnownDataset,
  columnId: string,
): Promise<void> {
  const grants = await transaction.query<{ id: string; named: string[] }>(sql`
    SELECT g.id, ARRAY(SELECT jsonb_path_query(g.row_filters, '$.**.columnId') #>> '{}') AS named
    FROM role_grant g
    WHERE g.tenant_id = ${definition.tenantId}::uuid AND g.dataset_id = ${definition.id}::uuid
      AND jsonb_path_exists(g.row_filters, '$.**.columnId ? (@ == $id)',
                            jsonb_build_object('id', ${columnId}::text))`);
  if (grants.length === 0) return;
  const known = permitsAny(rights, "role")
    ? grants.filter(({ named }) => named.every((id) => isFieldKnown(plan, id)))
    : [];
  refuse(
    "Row filters of grants name it.",
    known.map(({ id }) => ({
      kind: "ROW_FILTER",
      dataset: definition.name,
      column: null,
      id: encodeId("Grant", id),
    })),
  );
}

/** How many tokens are listed whose conditions name a column: keys make them by the thousand. */
const MOST_LISTED = 100;

/**
 * Refuses to change or remove a column while conditions of access tokens name it that are still accepted: they would
 * let no row through.
 *
 * @throws {ConflictError} listing some of the tokens, where the caller may know of them.
 */
export async function requireNoCondition(
  { transaction, rights, now }: Context,
  { definition }: KnownDataset,
  columnId: string,
): Promise<void> {
  const tokens = await transaction.query<{ id: string }>(sql`
    SELECT a.id FROM ${TOKENS_WITH_KEYS}
    WHERE a.tenant_id = ${definition.tenantId}::uuid AND a.expires_at > ${now}
      AND a.conditions @> jsonb_build_array(jsonb_build_object('columnId', ${columnId}::text))
      AND ${tokenStatus(now)} = 'ACTIVE'
    ORDER BY a.id LIMIT ${MOST_LISTED}`);
  if (tokens.length === 0) return;
  refuse(
    "Conditions of access tokens name it, until these end or are revoked.",
    (permitsAny(rights, "access_token") ? tokens : []).map(({ id }) => ({
      kind: "CONDITION",
      dataset: definition.name,
      column: null,
      id: encodeId("AccessToken", id),
    })),
  );
}

/** @throws {ConflictError} for a key column. */
export function requireNoKey(
  { definition }: KnownDataset,
  { keyPosition }: { readonly keyPosition: number | null },
): void {
  if (keyPosition === null) return;
  refuse("It is a key column of its dataset.", [
    { kind: "KEY", dataset: definition.name, column: null, id: encodeId("Dataset", definition.id) },
  ]);
}

function refuse(why: string, namedBy: readonly NamedBy[]): never {
  throw new ConflictError(
    `${why} Change what names it first: as far as you may know of it, it is listed in extensions.namedBy.`,
    { namedBy },
  );
}
