import sql from "sql-template-tag";
import type { Principal } from "../authz/principal.ts";
import { narrow, type Rights } from "../authz/rights.ts";
import { encodeId } from "../db/id.ts";
import { roleOf } from "../db/stored-role.ts";
import type { Transaction } from "../db/transaction.ts";
import { ROLE_JSON, TENANT_FACTS, type TenantRow } from "./stored-tenant.ts";

/** A user as far as its rights need it. */
export interface UserRow {
  readonly user_id: string;
  readonly email: string | null;
  readonly email_verified: boolean;
  readonly first_name: string;
  readonly last_name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly deleted_at: Date | null;
}

/** The columns of a {@link UserRow}, of a table or alias `u`. */
export const USER_FACTS = sql`
  u.id AS user_id, u.email, u.email_verified, u.first_name, u.last_name, u.attributes, u.deleted_at`;

/** The roles of a user `u`, as JSON: those that it was given, and the one that every user has. */
export const ROLES_OF_USER = sql`
  (SELECT coalesce(json_agg(${ROLE_JSON} ORDER BY r.name), '[]') FROM role r
   WHERE r.tenant_id = u.tenant_id AND (r.built_in = 'AUTHENTICATED' OR r.id IN (
     SELECT ur.role_id FROM user_role ur WHERE ur.tenant_id = u.tenant_id AND ur.user_id = u.id)))`;

/** Reads a user that is named, with its roles; undefined where the tenant has no such user, or has deleted it. */
export async function findUser(
  transaction: Transaction,
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
): Promise<(TenantRow & UserRow) | undefined> {
  const [found] = await transaction.query<TenantRow & UserRow>(sql`
    SELECT ${TENANT_FACTS}, ${USER_FACTS}, ${ROLES_OF_USER} AS roles
    FROM tenant t JOIN app_user u ON u.tenant_id = t.id
    WHERE t.id = ${tenantId}::uuid AND u.id = ${userId}::uuid AND u.deleted_at IS NULL`);
  return found;
}

/** What a user may build upon. */
export function rightsOfUser(
  found: TenantRow & UserRow & { readonly session_id?: string | null },
  narrowedTo: readonly string[] | null,
): Rights {
  const id = encodeId("User", found.user_id);
  const name = `${found.first_name} ${found.last_name}`.trim();
  const principal: Principal = {
    kind: "SESSION",
    tenantId: found.id,
    id,
    name: name || id,
    ...(found.session_id && { sessionId: encodeId("Session", found.session_id) }),
  };
  return {
    principal,
    roles: narrow(found.roles.map(roleOf), narrowedTo),
    variables: variablesOfUser(found, id),
    readOnly: false,
  };
}

/** An address that nobody has proved to be the user's has no value; whoever registers can name any. */
function variablesOfUser({ email, email_verified, attributes }: UserRow, id: string) {
  const own = Object.entries(attributes).map(([name, value]) => [`user.${name}`, value] as const);
  return new Map([
    ...own,
    ["user.id", id] as const,
    ...(email !== null && email_verified ? [["user.email", email] as const] : []),
  ]);
}
