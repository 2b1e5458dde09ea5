import { AuthScopeFailureType, type AuthFailure } from "@pothos/plugin-scope-auth";
import { permits, permitsAny } from "../authz/rights.ts";
import type { Context } from "./context.ts";
import { ForbiddenError } from "./forbidden-error.ts";

/** The scopes that a type or field may require, and the parameter each takes. */
export interface AuthScopes {
  /** The right to call one method, by its name. */
  permission: string;
  /** The right to call some method of a type: `role` for any of `role::…`. */
  anyOf: string;
  /**
   * The right to call a method that is done in stages. Its own transactions ask for it: its input may present who
   * calls in the place of a credential.
   */
  inStages: string;
}

/**
 * Binds the scopes to one request. All of the deciding is done by `authz/`.
 *
 * The object has no prototype: scopes are looked up by plain property, and one called `toString` would
 * otherwise let everybody through.
 */
export function authScopes(context: Context) {
  return Object.assign(Object.create(null) as object, {
    permission: (name: string) => permits(context.rights, name),
    anyOf: (type: string) => permitsAny(context.rights, type),
    inStages: () => true,
  });
}

/** Requires the permission of a root field, which is also the name that `permissions` lists. */
export function may(permission: string) {
  return { permission };
}

/** What a caller is told whom scope-auth turned away: the first permission that was missing. */
export function unauthorized(
  { rights }: Context,
  { failure }: { failure: AuthFailure },
): ForbiddenError {
  const name = missingIn(failure) ?? "unknown";
  return new ForbiddenError(rights, { gate: "PERMISSION", name });
}

/** The same of a mutation whose resolver calls {@link Context.stage}. */
export function mayInStages(inStages: string) {
  return { inStages };
}

function missingIn(failure: AuthFailure): string | null {
  switch (failure.kind) {
    case AuthScopeFailureType.AuthScope:
      return failure.scope === "anyOf"
        ? `${String(failure.parameter)}::get`
        : String(failure.parameter);
    case AuthScopeFailureType.AnyAuthScopes:
    case AuthScopeFailureType.AllAuthScopes:
      return failure.failures.map(missingIn).find((name) => name !== null) ?? null;
    default:
      return null;
  }
}
