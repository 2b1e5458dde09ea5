import sql from "sql-template-tag";
import { newUuid } from "../db/id.ts";
import type { Transaction } from "../db/transaction.ts";
import type { NewEvent } from "./event.ts";

/**
 * Writes events of one tenant, unsealed, in one statement. A tenant that is gone has none.
 *
 * @returns Their UUIDs, in their order.
 */
export async function writeEvents(
  transaction: Transaction,
  tenantId: string,
  events: readonly NewEvent[],
): Promise<string[]> {
  const rows = events.map(({ principal, ...event }) => ({
    id: newUuid(),
    ...event,
    kind: principal.kind,
    by: principal.id,
    called: principal.name,
    client: principal.client?.id ?? null,
    clientName: principal.client?.name ?? null,
  }));
  await transaction.query(sql`
    INSERT INTO event (tenant_id, id, name, outcome, principal_kind, principal_id, principal_name,
                       client_id, client_name, target, at, ip, reason, data, count)
    SELECT ${tenantId}::uuid, e.id, e.name, e.outcome, e.kind, e.by, e.called,
           e.client, e."clientName", e.target, e.at, e.ip, e.reason, e.data, e.count
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS e (
      id uuid, name text, outcome event_outcome, kind principal_kind, by text, called text, client text, "clientName" text,
      target text, at timestamptz(3), ip text, reason text, data text, count integer)`);
  return rows.map(({ id }) => id);
}
