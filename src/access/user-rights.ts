import { GRANT_ANY } from "../authz/delegation.ts";
import { NO_VARIABLES, permits, type Rights } from "../authz/rights.ts";
import { OF_EVERY_USER } from "../authz/role.ts";
import { NIL_UUID } from "../db/id.ts";
import type { StoredRole } from "../db/stored-role.ts";
import { roleOf } from "../db/stored-role.ts";
import type { Context } from "../graphql/context.ts";
import { ForbiddenError } from "../graphql/forbidden-error.ts";
import { requireHeld } from "./delegation.ts";
import { attributesInFilters } from "./user-attributes.ts";

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
 * the user has, with what every user has. Where a row filter of that asks who the user is, another has not the same by
 * having the same roles, and needs `grant::any`.
 *
 * @throws {ForbiddenError} naming the first right that is missing.
 */
export async function requireNoLessThan(
  context: Context,
  roles: readonly StoredRole[],
): Promise<void> {
  const { prisma, tenant, rights } = context;
  const everybodys = await prisma.role.findMany({
    where: { tenantId: tenant?.id ?? NIL_UUID, builtIn: "AUTHENTICATED" },
  });
  const all = [...roles, ...everybodys];
  await requireHeld(context, { before: OF_ANY_USER, after: rightsOfRoles(all) });
  if (permits(rights, GRANT_ANY) || !(await asksWho(context, all))) return;
  throw new ForbiddenError(
    rights,
    { gate: "PERMISSION", name: GRANT_ANY },
    "the user sees rows by who it is, and ",
  );
}

/** What a user is given by nobody. */
const OF_ANY_USER: Rights = {
  principal: { kind: "SESSION", tenantId: null, id: null, name: "" },
  roles: [
    {
      id: "",
      name: "authenticated",
      builtIn: "AUTHENTICATED",
      permissions: new Set(OF_EVERY_USER),
      defaults: new Set(),
    },
  ],
  variables: NO_VARIABLES,
  readOnly: false,
};

/** Whether a row filter of some roles names a variable of the user. */
async function asksWho(
  { transaction, tenant }: Context,
  roles: readonly StoredRole[],
): Promise<boolean> {
  if (!tenant) return false;
  const ids = roles.map(({ id }) => id);
  return (await attributesInFilters(transaction, tenant.id, ids)).size > 0;
}
