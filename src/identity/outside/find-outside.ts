import sql from "sql-template-tag";
import type { Rights } from "../../authz/rights.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { OutsideUser } from "../credential.ts";
import { ROLE_JSON, TENANT_FACTS, type TenantRow } from "../stored-tenant.ts";
import { rightsOfUser, USER_FACTS, type UserRow } from "../find-user.ts";

/** The user of an outside identity as it is stored, with its tenant; its roles are its own and those claimed. */
export interface OutsideRow extends TenantRow, UserRow {
  /** Whether the issuer is trusted as it was when the JWT was verified. */
  readonly is_trusted: boolean;
}

/**
 * Reads the user of an outside identity with the roles in effect: its own, the one that every user has, and of those
 * claimed the ones that the tenant has by now. Nobody claims what is for the public; and `administrator` only where the
 * issuer may administrate.
 */
export async function findOutside(
  transaction: Transaction,
  { tenantId, userId, claimed }: OutsideUser,
): Promise<OutsideRow | undefined> {
  const [found] = await transaction.query<OutsideRow>(
    sql`
    SELECT ${TENANT_FACTS}, ${USER_FACTS}, i.id IS NOT NULL AS is_trusted,
           (SELECT coalesce(json_agg(${ROLE_JSON} ORDER BY r.name), '[]') FROM role r
            WHERE r.tenant_id = u.tenant_id AND (
              r.built_in = 'AUTHENTICATED'
              OR r.id IN (SELECT ur.role_id FROM user_role ur
                          WHERE ur.tenant_id = u.tenant_id AND ur.user_id = u.id)
              OR r.name = ANY (${claimed.roles}::text[])
                 AND (r.built_in IS NULL OR r.built_in = 'ADMINISTRATOR' AND i.may_administrate))) AS roles
    FROM tenant t
    JOIN app_user u ON u.tenant_id = t.id AND u.id = ${userId}::uuid
    LEFT JOIN trusted_issuer i
      ON i.tenant_id = t.id AND i.revision = ${claimed.by}::uuid AND i.issuer = u.issuer
    WHERE t.id = ${tenantId}::uuid`,
    "outside",
  );
  return found;
}

/** Whether an outside identity is accepted at this moment, or why not. */
export function outsideState(
  { deleted_at }: OutsideRow,
  { claimed }: OutsideUser,
  now: Date,
): "ACTIVE" | "DELETED" | "EXPIRED" {
  if (deleted_at !== null) return "DELETED";
  return claimed.until > now ? "ACTIVE" : "EXPIRED";
}

/** What the user of an outside identity may build upon, as long as its JWT is valid. */
export function rightsOfOutside(
  found: OutsideRow,
  { claimed }: OutsideUser,
  narrowedTo: readonly string[] | null,
): Rights {
  const rights = rightsOfUser(found, narrowedTo);
  return { ...rights, principal: { ...rights.principal, claimed } };
}
