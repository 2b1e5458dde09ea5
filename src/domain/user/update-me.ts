import { attemptIn, requireFewAttempts } from "../../access/attempts.ts";
import { sendOneTimeToken, useUpAllTokens } from "../../access/one-time-tokens.ts";
import { UserRef } from "../../access/refs.ts";
import { signatureOf } from "../../authz/principal.ts";
import type { User } from "../../db/generated/client.ts";
import { decodeId, encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, InputError, WrongPasswordError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { mayInStages } from "../../graphql/scopes.ts";
import { emailFaults, storedEmail } from "../../identity/login/email.ts";
import {
  HASHING,
  hashPassword,
  isPassword,
  passwordFaults,
} from "../../identity/secret/password.ts";
import { providerFaults } from "./provider-faults.ts";
import { personData, personFaults, UpdateMeInput } from "./user-inputs.ts";
import { mailTo } from "./request-token.ts";
import { endSessions } from "./ended-sessions.ts";
import { lockUser, ownUser } from "./user-loaders.ts";
import { attributeData } from "./written-attributes.ts";

const PERMISSION = "viewer::update";

const UpdateMePayload = builder.objectRef<object>("UpdateMePayload").implement({
  description: "What became of oneself.",
  authScopes: () => true,
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      description: "The user as it is now.",
      resolve: (_payload, _args, context) => ownUser(context),
    }),
  }),
});

type Input = typeof UpdateMeInput.$inferInput;

builder.mutationField("updateMe", (t) =>
  t.field({
    type: UpdateMePayload,
    description:
      "Changes the user that one is. A new password ends its other sessions; a new address waits for the token that is sent to it.",
    authScopes: mayInStages(PERMISSION),
    isStaged: true,
    args: {
      input: t.arg({ type: UpdateMeInput, required: true, description: "What to change." }),
    },
    resolve: (_root, { input }, context) => updateMe(context, input),
  }),
);

/** What was found of the user before its password is looked at. */
interface Proving {
  readonly user: User;
  /** Null where nothing is changed that needs it. */
  readonly password: string | null;
}

async function updateMe(context: Context, input: Input): Promise<object> {
  const changesRights = typeof input.password === "string";
  const method = { permission: PERMISSION, changesRights, target: null };
  return await context.stage(method, async () => {
    const { user, password } = await context.prepare(PERMISSION, () => proving(context, input));
    const hash =
      password === null ? null : await context.inTurn(HASHING, () => hashed(input, user, password));
    const proved = password === null ? null : user.passwordHash;
    return await context.finish(method, () => writeMe(context, input, { proved, hash }));
  });
}

/** What is to be stored of a new password, where there is one. @param current What the caller says is the one of now. */
async function hashed(input: Input, { id, passwordHash }: User, current: string) {
  if (!(await isPassword(current, passwordHash))) {
    const message = "currentPassword is not your password. Nothing was changed.";
    throw new WrongPasswordError(message, encodeId("User", id));
  }
  return typeof input.password === "string" ? await hashPassword(input.password) : null;
}

async function proving(context: Context, input: Input): Promise<Proving> {
  const user = await requireMe(context);
  const { email, password, currentPassword = null } = input;
  const isSensitive = typeof email === "string" || typeof password === "string";
  refuseFaults([
    ...personFaults(input),
    ...(typeof email === "string" ? emailFaults(email) : []),
    ...(typeof password === "string" ? passwordFaults(password, user.email ?? "") : []),
    ...(isSensitive && user.issuer !== null
      ? ["email and password are those of the identity provider. Change them there."]
      : []),
    ...(isSensitive && currentPassword === null ? ["currentPassword is needed."] : []),
  ]);
  if (!isSensitive) return { user, password: null };
  // The session is proved: whoever has it does not lock out those who log in elsewhere.
  const account = user.emailKey ?? user.id;
  const deviceId = context.rights.principal.sessionId ?? null;
  await requireFewAttempts(context, attemptIn(context, { account, deviceId, purpose: "LOGIN" }));
  if (typeof email === "string") {
    await requireFewAttempts(context, { ...mailTo(context, { kind: "EMAIL", email }), ip: null });
  }
  return { user, password: currentPassword };
}

/** What was made of the passwords outside of transactions. */
interface Hashed {
  /** What was stored of the password that was proved; null: nothing is changed that needs it. */
  readonly proved: string | null;
  /** What is to be stored of a new one; null: it stays. */
  readonly hash: string | null;
}

const MEANWHILE =
  "Your password was changed meanwhile. Nothing else was. Try again with the one of now.";

async function writeMe(context: Context, input: Input, { proved, hash }: Hashed): Promise<object> {
  const { prisma, rights, now } = context;
  await lockUser(context, (await requireMe(context)).id);
  const user = await requireMe(context);
  refuseFaults(await providerFaults(context, user, input));
  const { tenantId, id } = user;
  // Whoever knows the password that there was then need not know the one of now.
  if (proved !== null && user.passwordHash !== proved) throw new ConflictError(MEANWHILE);
  await prisma.user.update({
    where: { tenantId_id: { tenantId, id } },
    data: {
      ...personData(input),
      ...(await attributeData(context, user, input.attributes)),
      ...(hash !== null && { passwordHash: hash }),
      updatedAt: now,
      updatedBy: signatureOf(rights.principal),
    },
    select: { id: true },
  });
  if (hash !== null) {
    await endSessions(context, user, decodeId("Session", rights.principal.sessionId ?? ""));
    await useUpAllTokens(context, id);
  }
  if (typeof input.email === "string") await askNewAddress(context, user, input.email);
  context.nameTarget(encodeId("User", id));
  return {};
}

async function requireMe(context: Context): Promise<User> {
  const user = await ownUser(context);
  if (!user) throw new InputError("You act as no user. Log in, and present the session.");
  return user;
}

/**
 * Whether another user has the address is told when the token is presented: then it is the caller's to know. One in
 * other letters is another, since row filters tell them apart.
 */
async function askNewAddress(context: Context, user: User, address: string): Promise<void> {
  const email = storedEmail(address);
  if (email === user.email && user.emailVerified) return;
  await sendOneTimeToken(context, { kind: "EMAIL", userId: user.id, email });
}
