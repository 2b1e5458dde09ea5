import sql, { join, raw, type Sql } from "sql-template-tag";
import { ACTIONS, type Action } from "../authz/action.ts";
import type { Rights } from "../authz/rights.ts";
import type { Role } from "../authz/role.ts";

/**
 * The condition on `dataset d` under which the caller knows the dataset: the rule of `isKnown`, as SQL,
 * so that a list can be cut in the database. `test/db/is-known-sql.test.ts` holds the two together.
 */
export function isKnownSql({ principal, roles, readOnly }: Rights): Sql {
  const isPublic = principal.kind === "ANONYMOUS";
  const actions: readonly Action[] = readOnly ? ["READ"] : ACTIONS;
  const byRoles = roles.map((role) => knownBy(role, actions, isPublic));
  const opened = isPublic ? sql`d.access_level = 'OPEN'` : sql`true`;
  return byRoles.length === 0 ? sql`false` : sql`(${opened} AND (${join(byRoles, " OR ")}))`;
}

function knownBy(role: Role, actions: readonly Action[], isPublic: boolean): Sql {
  if (role.builtIn === "ADMINISTRATOR") return sql`true`;
  const byDefault = actions.some((action) => role.defaults.has(action));
  if (!byDefault && !isPublic) return sql`d.id IN (${allowedBy(role, actions)})`;
  return sql`(d.id IN (${allowedBy(role, actions)}) OR ${keepsDefault(role, actions, isPublic)})`;
}

/** The datasets on which, or on a field of which, a grant of the role allows one of the actions. */
function allowedBy(role: Role, actions: readonly Action[]): Sql {
  const onField = actions.filter((action) => action !== "DELETE");
  return sql`
    SELECT g.dataset_id FROM role_grant g
    WHERE g.tenant_id = fieldgate.current_tenant() AND g.role_id = ${role.id}::uuid
      AND 'ALLOW' IN (${join(onField.map(columnOf))}${
        actions.includes("DELETE") ? sql`, CASE WHEN ${ON_DATASET} THEN g.delete END` : sql``
      })`;
}

/** The grant is on the dataset as a whole. */
const ON_DATASET = sql`(g.column_id IS NULL AND g.link_id IS NULL)`;

/** Some default of the role is not withheld by its grant on the dataset. */
function keepsDefault(role: Role, actions: readonly Action[], isPublic: boolean): Sql {
  const defaults = actions.filter(
    (action) => role.defaults.has(action) || (isPublic && action === "READ"),
  );
  const withheld = defaults.map(
    (action) => sql`${columnOf(action)} IS NOT DISTINCT FROM 'WITHHOLD'`,
  );
  return sql`
    NOT EXISTS (SELECT FROM role_grant g
                WHERE g.tenant_id = d.tenant_id AND g.dataset_id = d.id AND ${ON_DATASET}
                  AND g.role_id = ${role.id}::uuid AND ${join(withheld, " AND ")})`;
}

/** The column of `role_grant` that holds the setting of an action. */
function columnOf(action: Action): Sql {
  return raw(`g.${action.toLowerCase()}`);
}
