import type { Principal } from "./principal.ts";
import type { Restriction } from "./restriction.ts";
import type { Role } from "./role.ts";

/** What a principal may build upon: the roles in effect, and what narrows them. */
export interface Rights {
  readonly principal: Principal;
  /** The roles left after narrowing; rights combine by union over them. */
  readonly roles: readonly Role[];
  /**
   * The values of variables that row filters name, such as `user.email`; one that is not there has none.
   * `now` is not among them: it is the instant of the request.
   */
  readonly variables: ReadonlyMap<string, string>;
  /** Holds looking alone, whatever the roles say: a publishable key, or the public. */
  readonly readOnly: boolean;
  /** What the credential is restricted to whatever the roles say; left out: to nothing. */
  readonly restriction?: Restriction;
}

/** What variables mean to a caller who is no user and no client of one. */
export const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/** The permissions of methods that change nothing. */
const LOOKS = /::(get|get_[a-z]+|find|check|explain|verify|subscribe|export)$/;

/** Whether the permission is that of a method which changes nothing. */
export function looks(permission: string): boolean {
  return LOOKS.test(permission);
}

/**
 * Whether some role in effect has the permission.
 *
 * `administrator` has every permission there is, also one that an upgrade brings.
 */
export function permits({ roles, readOnly }: Rights, permission: string): boolean {
  if (readOnly && !looks(permission)) return false;
  return roles.some(
    ({ builtIn, permissions }) => builtIn === "ADMINISTRATOR" || permissions.has(permission),
  );
}

/** Whether some role in effect has a permission of this type, such as any `role::…`. */
export function permitsAny(rights: Rights, type: string): boolean {
  return rights.roles.some(
    ({ builtIn, permissions }) =>
      builtIn === "ADMINISTRATOR" ||
      [...permissions].some((name) => name.startsWith(`${type}::`) && permits(rights, name)),
  );
}

/**
 * Keeps exactly the roles that a request names.
 *
 * Naming one that the credential lacks leaves none, so that the answer never tells which of the names
 * was at fault.
 */
export function narrow(roles: readonly Role[], names: readonly string[] | null): readonly Role[] {
  if (names === null) return roles;
  const kept = names.map((name) => roles.find((role) => role.name === name));
  return kept.every((role) => role !== undefined) ? [...new Set(kept)] : [];
}
