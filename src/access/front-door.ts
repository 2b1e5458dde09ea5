import { InputError } from "../graphql/errors.ts";
import type { FrontDoor } from "../graphql/caller-transaction.ts";

/**
 * What an input presents of the tenant in the place of a credential; null where it presents nothing.
 *
 * @throws {InputError} for one half of it.
 */
export function doorIn({
  systemKey,
  systemSecret,
}: {
  readonly systemKey?: string | null | undefined;
  readonly systemSecret?: string | null | undefined;
}): FrontDoor | null {
  if (typeof systemKey === "string" && typeof systemSecret === "string") {
    return { systemKey, systemSecret };
  }
  if (typeof systemKey === "string" || typeof systemSecret === "string") {
    throw new InputError("Give systemKey and systemSecret, or neither.");
  }
  return null;
}
