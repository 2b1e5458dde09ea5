import { raw } from "sql-template-tag";
import type { Database } from "../../src/db/database.ts";
import { begin, type DatabaseRole } from "../../src/db/transaction.ts";

/** The roles that requests run under. */
export const REQUEST_ROLES = [
  "fieldgate_member",
  "fieldgate_public",
  "fieldgate_visualization",
  "fieldgate_operator",
] as const satisfies readonly DatabaseRole[];

/** What a statement came back with: its rows, or the code of the refusal. */
export interface Outcome {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly code: string | null;
}

/** Who sends raw SQL: a role of requests, in the transaction that a request of the tenant would have. */
export interface Sender {
  readonly role: DatabaseRole;
  readonly tenantId: string | null;
}

/** Runs statements one after the other as a request could, and keeps nothing of what they did. */
export async function asRole(
  database: Database,
  sender: Sender,
  ...statements: readonly string[]
): Promise<Outcome> {
  const transaction = await begin(database, { ...sender, mode: "write" });
  let rows: Outcome["rows"] = [];
  try {
    for (const statement of statements) rows = await transaction.query(raw(statement));
    return { rows, code: null };
  } catch (error) {
    return { rows: [], code: (error as { code?: string }).code ?? String(error) };
  } finally {
    await transaction.rollback();
  }
}

/** Says who writes rows, without which nobody does; see `beginCommit`. */
export const WRITING = `SELECT set_config('fieldgate.commit', json_build_object(
  'id', gen_random_uuid(), 'by', 'test', 'at', now())::text, true)`;

/** The same for the owner of the tables, who is of no tenant. */
export function writingIn(tenantId: string): string {
  return `SET LOCAL fieldgate.tenant = '${tenantId}'; ${WRITING}`;
}

/** The 32 digits of a UUID or of the text of an id, as the names of tables and views have them. */
export function digitsOf(id: string): string {
  return id.replace(/^[a-z]+_/, "").replaceAll("-", "");
}

/** The UUID in the text of an id. */
export function uuidOf(id: string): string {
  return digitsOf(id).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
