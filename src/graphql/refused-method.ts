import type { Happening } from "../events/event.ts";
import type { PublicError } from "./errors.ts";
import { ForbiddenError } from "./forbidden-error.ts";

/** What is to be logged of a method that was refused where there is no document to tell of it. */
export function refusedMethod(permission: string, error: PublicError, target: string): Happening {
  if (!(error instanceof ForbiddenError)) {
    return { name: permission, outcome: "FAILED", target, reason: error.code };
  }
  const { gate, name } = error.missing;
  return { name: permission, outcome: "DENIED", target, reason: `${gate} ${name}` };
}
