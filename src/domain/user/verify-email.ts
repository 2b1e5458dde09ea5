import { doorIn } from "../../access/front-door.ts";
import { requireAnotherAdministrator } from "../../access/last-administrator.ts";
import { useUpAllTokens } from "../../access/one-time-tokens.ts";
import { encodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, WrongPasswordError } from "../../graphql/errors.ts";
import { emailKey } from "../../identity/login/email.ts";
import { HASHING, isPassword } from "../../identity/secret/password.ts";
import { isAnothers } from "./anothers-address.ts";
import { endSessions } from "./ended-sessions.ts";
import { tellLeftAddress } from "./left-address.ts";
import type { VerifyEmailInput } from "./one-time-inputs.ts";
import { countToken, requireFewHashes, requireToken } from "./required-token.ts";

type Input = typeof VerifyEmailInput.$inferInput;

/**
 * Verifies an address by a token that was sent to it.
 *
 * Whoever named the address need not be who reads its mail: the password is proved besides, or taken away, and with it
 * whoever knows it.
 */
export async function verifyEmail(context: Context, input: Input): Promise<object> {
  const permission = "email_verification::use";
  const { password } = input;
  const isGiven = typeof password === "string";
  const method = { permission, changesRights: true, target: null, door: doorIn(input) };
  return await context.stage(method, async () => {
    await context.prepare(permission, () => countToken(context, input));
    const user = await context.prepare(permission, async () => {
      const found = await requireToken(context, "EMAIL", input.token);
      if (isGiven) await requireFewHashes(context, found.user, "LOOKED_AT");
      return found.user;
    });
    const isRight =
      !isGiven || (await context.inTurn(HASHING, () => isPassword(password, user.passwordHash)));
    if (!isRight) {
      throw new WrongPasswordError(WRONG, encodeId("User", user.id));
    }
    const proved = isGiven ? user.passwordHash : null;
    return await context.finish(method, () => writeVerified(context, input.token, proved));
  });
}

const WRONG =
  "password is not that of the account; the token is still good. Without a password the address is verified too, and the account has none until it is set by `requestPasswordReset`.";

/** How the last administrator verifies an address. */
const KEEPING =
  " Without its password it could not log in: give the password besides, or set a new one by `requestPasswordReset`.";

/** @param proved What is stored of the password that was proved; null: none was. */
async function writeVerified(
  context: Context,
  text: string,
  proved: string | null,
): Promise<object> {
  const { prisma, now } = context;
  const { email, user } = await requireToken(context, "EMAIL", text);
  const { tenantId, id } = user;
  if (await isAnothers(context, user, email)) {
    throw new ConflictError(
      "The address has become another user's. Ask for another by `updateMe`.",
    );
  }
  const isTaken = user.passwordHash !== proved;
  if (isTaken) await requireAnotherAdministrator(context, id, KEEPING);
  await useUpAllTokens(context, id);
  await prisma.user.update({
    where: { tenantId_id: { tenantId, id } },
    data: {
      email,
      ...(user.issuer === null && { emailKey: emailKey(email) }),
      emailVerified: true,
      ...(isTaken && { passwordHash: null }),
      updatedAt: now,
      updatedBy: encodeId("User", id),
    },
    select: { id: true },
  });
  if (isTaken) await endSessions(context, user);
  tellLeftAddress(context, user, email);
  context.nameTarget(encodeId("User", id));
  return {};
}
