import sql from "sql-template-tag";
import { operatorOf } from "../authz/principal.ts";
import { NO_VARIABLES } from "../authz/rights.ts";
import { OPERATOR } from "../authz/role.ts";
import type { Transaction } from "../db/transaction.ts";
import type { Caller } from "./caller.ts";
import { TENANT_FACTS, type TenantRow, tenantOf } from "./stored-tenant.ts";

/**
 * The command line in one tenant: whoever runs it holds the database anyway, and is asked for no credential.
 * No tenant, no right.
 */
export async function identifyOperator(
  transaction: Transaction,
  tenantId: string,
): Promise<Caller> {
  const [found] = await transaction.query<Omit<TenantRow, "roles">>(sql`
    SELECT ${TENANT_FACTS} FROM tenant t WHERE t.id = ${tenantId}::uuid`);
  const principal = operatorOf(found?.id ?? null);
  return {
    rights: { principal, roles: found ? [OPERATOR] : [], variables: NO_VARIABLES, readOnly: false },
    tenant: found ? tenantOf(found) : null,
    narrowedTo: null,
    dueUse: null,
  };
}
