import sql from "sql-template-tag";
import { strangerOf } from "../authz/principal.ts";
import { narrow, NO_VARIABLES } from "../authz/rights.ts";
import { STRANGER } from "../authz/role.ts";
import { roleOf } from "../db/stored-role.ts";
import type { Transaction } from "../db/transaction.ts";
import type { Asking, Caller } from "./caller.ts";
import { ROLE_JSON, TENANT_FACTS, type TenantRow, tenantOf } from "./stored-tenant.ts";

/** Whoever presents no credential, in the tenant that the request names, or the only one. */
export async function identifyAnonymous(
  transaction: Transaction,
  { tenantSlug, narrowedTo }: Asking,
): Promise<Caller> {
  await transaction.query(sql`
    SELECT set_config('fieldgate.tenant', coalesce(fieldgate.find_tenant(${tenantSlug})::text, ''), true)`);
  return await identifyStranger(transaction, narrowedTo);
}

/** Whoever presents no credential, in the tenant of the transaction. */
export async function identifyStranger(
  transaction: Transaction,
  narrowedTo: readonly string[] | null,
): Promise<Caller> {
  const [found] = await transaction.query<TenantRow>(sql`
    SELECT ${TENANT_FACTS}, (SELECT coalesce(json_agg(${ROLE_JSON}), '[]') FROM role r) AS roles
    FROM tenant t`);
  const tenant = found ? tenantOf(found) : null;
  const principal = strangerOf(tenant?.id ?? null);
  const roles = narrow(found?.roles.map(roleOf) ?? [STRANGER], narrowedTo);
  return {
    rights: { principal, roles, variables: NO_VARIABLES, readOnly: true },
    tenant,
    narrowedTo,
    dueUse: null,
  };
}
