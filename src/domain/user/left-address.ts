import type { User } from "../../db/generated/client.ts";
import { encodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";

/**
 * Has whoever reads the address that a user had hear that it is left, should that not have been the user's wish.
 *
 * @param by The address that the user has now.
 */
export function tellLeftAddress(
  context: Context,
  { id, email }: Pick<User, "id" | "email">,
  by: string,
): void {
  if (email === null || email === by) return;
  context.deliver({
    kind: "EMAIL_CHANGED",
    tenant: context.tenant?.slug ?? "",
    userId: encodeId("User", id),
    email,
    token: null,
    expiresAt: null,
  });
}
