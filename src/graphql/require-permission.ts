import { permits, type Rights } from "../authz/rights.ts";
import { ForbiddenError } from "./forbidden-error.ts";

/**
 * Requires a permission where no scope of a field does.
 *
 * @throws {ForbiddenError} naming it.
 */
export function requirePermission({ rights }: { readonly rights: Rights }, name: string): void {
  if (!permits(rights, name)) throw new ForbiddenError(rights, { gate: "PERMISSION", name });
}
