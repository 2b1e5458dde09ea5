import { NO_VARIABLES, type Rights } from "../authz/rights.ts";
import type { StoredRole } from "../db/stored-role.ts";
import { roleOf } from "../db/stored-role.ts";
import type { Context } from "../graphql/context.ts";
import { requireHeld } from "./delegation.ts";

/** What whoever has these roles of users may build upon, besides what every user has. */
export function rightsOfRoles(roles: readonly StoredRole[]): Rights {
  return {
    principal: { kind: "SESSION", tenantId: null, id: null, name: "" },
    roles: roles.map(roleOf),
    variables: NO_VARIABLES,
    readOnly: false,
  };
}

/**
 * Refuses to make or change what one logs in with as a user that has more than the caller: that is to hand out what
 * the user has.
 *
 * @throws {ForbiddenError} naming the first right that is missing.
 */
export async function requireNoLessThan(
  context: Context,
  roles: readonly StoredRole[],
): Promise<void> {
  await requireHeld(context, { after: rightsOfRoles(roles) });
}
