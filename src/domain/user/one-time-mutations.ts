import { doorIn } from "../../access/front-door.ts";
import { useUpAllTokens } from "../../access/one-time-tokens.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { mayInStages } from "../../graphql/scopes.ts";
import { newDeviceMark } from "../../identity/login/device-mark.ts";
import { HASHING, hashPassword, passwordFaults } from "../../identity/secret/password.ts";
import { endSessions } from "./ended-sessions.ts";
import { RequestTokenInput, ResetPasswordInput, VerifyEmailInput } from "./one-time-inputs.ts";
import { requestToken } from "./request-token.ts";
import { countToken, requireFewHashes, requireToken } from "./required-token.ts";
import { verifyEmail } from "./verify-email.ts";

/** Where the new password was set, as a mark says. */
interface Marked {
  readonly deviceToken: string;
}

/** It says nothing: whoever asks is not to learn which addresses are known. */
const donePayload = <Shape extends object>(name: string, description: string) =>
  builder.objectRef<Shape>(name).implement({
    description,
    authScopes: () => true,
    fields: (t) => ({
      done: t.boolean({
        nullable: false,
        description: "Always true: what did not succeed is an error.",
        resolve: () => true,
      }),
    }),
  });

const RequestTokenPayload = donePayload(
  "RequestTokenPayload",
  "What a request for a token is answered with, whether or not there is such a user.",
);
const ResetPasswordPayload = donePayload<Marked>("ResetPasswordPayload", "A password was set.");
const VerifyEmailPayload = donePayload("VerifyEmailPayload", "An address was verified.");

builder.objectFields(ResetPasswordPayload, (t) => ({
  deviceToken: t.exposeString("deviceToken", {
    nullable: false,
    description:
      "Marks the device as that of a `login` does: the next one, which it is given to, has ten attempts of its own.",
  }),
}));

builder.mutationFields((t) => ({
  requestPasswordReset: t.field({
    type: RequestTokenPayload,
    description:
      "Has a token sent by which the user of an address sets a new password within an hour. The answer is the same where there is no such user.",
    authScopes: mayInStages("password_reset::request"),
    isStaged: true,
    args: {
      input: t.arg({ type: RequestTokenInput, required: true, description: "Of which address." }),
    },
    resolve: (_root, { input }, context) =>
      requestToken(context, input, { permission: "password_reset::request", kind: "PASSWORD" }),
  }),
  requestEmailVerification: t.field({
    type: RequestTokenPayload,
    description:
      "Has another token sent that verifies the address of a user within seven days. The answer is the same where there is no such user, or its address is verified.",
    authScopes: mayInStages("email_verification::request"),
    isStaged: true,
    args: {
      input: t.arg({ type: RequestTokenInput, required: true, description: "Of which address." }),
    },
    resolve: (_root, { input }, context) =>
      requestToken(context, input, { permission: "email_verification::request", kind: "EMAIL" }),
  }),
  resetPassword: t.field({
    type: ResetPasswordPayload,
    description:
      "Sets a new password by a token that was sent, once. All sessions of the user end, and its address counts as verified. `NOT_FOUND`: the token is unknown, used or expired.",
    authScopes: mayInStages("password::reset"),
    isStaged: true,
    args: {
      input: t.arg({
        type: ResetPasswordInput,
        required: true,
        description: "The token and the password.",
      }),
    },
    resolve: (_root, { input }, context) => resetPassword(context, input),
  }),
  verifyEmail: t.field({
    type: VerifyEmailPayload,
    description:
      "Verifies an address by a token that was sent to it, once; where the user asked for a new address it takes the place of the old one. `NOT_FOUND`: the token is unknown, used or expired. `CONFLICT`: the address has become another user's, or without its password the last user that holds administrator could not log in.",
    authScopes: mayInStages("email_verification::use"),
    isStaged: true,
    args: {
      input: t.arg({ type: VerifyEmailInput, required: true, description: "The token." }),
    },
    resolve: (_root, { input }, context) => verifyEmail(context, input),
  }),
}));

async function resetPassword(
  context: Context,
  input: typeof ResetPasswordInput.$inferInput,
): Promise<Marked> {
  const permission = "password::reset";
  const door = doorIn(input);
  const method = { permission, changesRights: true, target: null, door };
  return await context.stage(method, async () => {
    await context.prepare(permission, () => countToken(context, input));
    await context.prepare(permission, async () => {
      const { email, user } = await requireToken(context, "PASSWORD", input.token);
      refuseFaults(passwordFaults(input.password, email));
      await requireFewHashes(context, user, "SET");
    });
    const hash = await context.inTurn(HASHING, () => hashPassword(input.password));
    return await context.finish(method, () => writePassword(context, input.token, hash));
  });
}

/** Whoever was too often wrong about the old password can log in with the new one at once. */
async function writePassword(context: Context, text: string, hash: string): Promise<Marked> {
  const { prisma, tenant, now } = context;
  const { user } = await requireToken(context, "PASSWORD", text);
  if (!tenant) throw new NotFoundError("tenant");
  const { tenantId, id } = user;
  // Whoever asked for another address with the old password is not to come back by it.
  await useUpAllTokens(context, id);
  await prisma.user.update({
    where: { tenantId_id: { tenantId, id } },
    data: {
      passwordHash: hash,
      emailVerified: true,
      updatedAt: now,
      updatedBy: encodeId("User", id),
    },
    select: { id: true },
  });
  await endSessions(context, user);
  context.nameTarget(encodeId("User", id));
  const marked = { userId: id, passwordHash: hash, key: tenant.cursorKey };
  const deviceToken = newDeviceMark(marked, null, now);
  context.device.keep(deviceToken);
  return { deviceToken };
}
