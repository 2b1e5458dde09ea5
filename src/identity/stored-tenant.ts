import sql from "sql-template-tag";
import type { StoredRole } from "../db/stored-role.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";

/** A tenant as it is stored, with the roles of the caller. */
export interface TenantRow {
  readonly id: string;
  readonly slug: string;
  readonly rights_version: string;
  readonly definitions_state: string | null;
  readonly cursor_key: Buffer;
  readonly roles: readonly StoredRole[];
}

/** A role as {@link StoredRole} has it. */
export const ROLE_JSON = sql`
  json_build_object(
    'id', r.id, 'name', r.name, 'builtIn', r.built_in, 'permissions', r.permissions,
    'canRead', r.can_read, 'canCreate', r.can_create,
    'canUpdate', r.can_update, 'canDelete', r.can_delete)`;

/** The columns of a {@link TenantRow} but for the roles, of a table or alias `t`. */
export const TENANT_FACTS = sql`
  t.id, t.slug, t.rights_version::text, fieldgate.definitions_state() AS definitions_state, t.cursor_key`;

/** What a request needs to know of its tenant. */
export function tenantOf({
  id,
  slug,
  rights_version,
  definitions_state,
  cursor_key,
}: Omit<TenantRow, "roles">): TenantFacts {
  return {
    id,
    slug,
    rightsVersion: rights_version,
    definitionsState: definitions_state,
    cursorKey: cursor_key,
  };
}
