import type { Action } from "../authz/action.ts";
import type { BuiltIn, Role } from "../authz/role.ts";

/** A role as it is stored, read by Prisma or by SQL under the same names. */
export interface StoredRole {
  readonly id: string;
  readonly name: string;
  readonly builtIn: BuiltIn | null;
  readonly permissions: readonly string[];
  readonly canRead: boolean;
  readonly canCreate: boolean;
  readonly canUpdate: boolean;
  readonly canDelete: boolean;
}

/** A stored role as decisions are made by it. */
export function roleOf(stored: StoredRole): Role {
  const defaults: readonly (Action | false)[] = [
    stored.canRead && "READ",
    stored.canCreate && "CREATE",
    stored.canUpdate && "UPDATE",
    stored.canDelete && "DELETE",
  ];
  const { id, name, builtIn, permissions } = stored;
  return {
    id,
    name,
    builtIn,
    permissions: new Set(permissions),
    defaults: new Set(defaults.filter((action) => action !== false)),
  };
}
