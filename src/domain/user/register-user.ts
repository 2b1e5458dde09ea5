import { newUuid, encodeId } from "../../db/id.ts";
import { GRANT_ANY } from "../../authz/delegation.ts";
import { signatureOf } from "../../authz/principal.ts";
import { permits } from "../../authz/rights.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { mayInStages } from "../../graphql/scopes.ts";
import { UserRef } from "../../access/refs.ts";
import { sendOneTimeToken } from "../../access/one-time-tokens.ts";
import { doorIn } from "../../access/front-door.ts";
import { attemptIn, clientIpFaults, requireFewAttempts } from "../../access/attempts.ts";
import { emailFaults, emailKey, storedEmail } from "../../identity/login/email.ts";
import { HASHING, hashPassword, passwordFaults } from "../../identity/secret/password.ts";
import { personData, personFaults, RegisterUserInput } from "./user-inputs.ts";
import { knownUser } from "./user-loaders.ts";
import { writtenAttributes } from "./written-attributes.ts";

const PERMISSION = "user::register";

/** What a registration is answered with; null where nobody is to learn who was known before. */
interface Registered {
  readonly userId: string | null;
}

const RegisterUserPayload = builder.objectRef<Registered>("RegisterUserPayload").implement({
  description: "What became of a new user.",
  authScopes: () => true,
  fields: (t) => ({
    user: t.field({
      type: UserRef,
      description:
        "The user; null where the caller may see none, and for whoever registered itself: the answer is the same whether or not the address was known before.",
      resolve: ({ userId }, _args, context) =>
        userId === null ? null : knownUser(context, userId),
    }),
  }),
});

type Input = typeof RegisterUserInput.$inferInput;

builder.mutationField("registerUser", (t) =>
  t.field({
    type: RegisterUserPayload,
    description:
      "Registers a user, who may then read and change itself and nothing else until it is given roles. A token to verify the address is sent to it; where whoever registers holds `grant::any`, the address counts as verified, and a person without a password is sent a token to set one. Whoever registers itself by the tenant's `systemKey` and `systemSecret` writes no attribute that users may not edit, and is not asked for it, required or not. `CONFLICT`: the address is another user's; of those who register themselves nobody is told.",
    authScopes: mayInStages(PERMISSION),
    isStaged: true,
    args: {
      input: t.arg({ type: RegisterUserInput, required: true, description: "The user to make." }),
    },
    resolve: (_root, { input }, context) => registerUser(context, input),
  }),
);

async function registerUser(context: Context, input: Input): Promise<Registered> {
  const door = doorIn(input);
  const { password } = input;
  const method = { permission: PERMISSION, changesRights: false, target: null, door };
  return await context.stage(method, async () => {
    await context.prepare(PERMISSION, async () => {
      refuseFaults(registrationFaults(input, door !== null));
      if (!door) return;
      // So nobody's mailbox is filled with what tells that it is known.
      const account = emailKey(input.email);
      await requireFewAttempts(
        context,
        attemptIn(context, {
          account,
          deviceId: null,
          purpose: "REGISTRATION",
          clientIp: input.clientIp,
        }),
      );
    });
    const passwordHash =
      typeof password === "string"
        ? await context.inTurn(HASHING, () => hashPassword(password))
        : null;
    return await context.finish(method, () => insertUser(context, input, passwordHash));
  });
}

function registrationFaults(input: Input, isOpen: boolean): string[] {
  const { email, password, serviceAccount } = input;
  return [
    ...emailFaults(email),
    ...clientIpFaults(input.clientIp),
    ...(typeof password === "string" ? passwordFaults(password, email) : []),
    ...personFaults(input),
    ...(isOpen && serviceAccount
      ? ["serviceAccount is not for those who register themselves."]
      : []),
    ...(isOpen && typeof password !== "string" ? ["password is needed."] : []),
  ];
}

async function insertUser(
  context: Context,
  input: Input,
  passwordHash: string | null,
): Promise<Registered> {
  const { prisma, tenant, rights, now } = context;
  if (!tenant) throw new NotFoundError("tenant");
  const isOpen = rights.principal.kind === "ANONYMOUS";
  const attributes = await writtenAttributes(context, isOpen ? "SELF" : "OTHER", {
    before: null,
    changes: input.attributes,
  });
  const key = emailKey(input.email);
  const known = await prisma.user.findFirst({ where: { tenantId: tenant.id, emailKey: key } });
  if (known && !isOpen) {
    throw new ConflictError("The email is another user's. Choose another.");
  }
  if (known) {
    context.deliver({
      kind: "ALREADY_REGISTERED",
      tenant: tenant.slug,
      userId: encodeId("User", known.id),
      email: storedEmail(input.email),
      token: null,
      expiresAt: null,
    });
    return { userId: null };
  }
  const id = newUuid();
  const by = signatureOf(rights.principal);
  // Who vouches for an address hands out what row filters give by it: no token with conditions does.
  const emailVerified = permits(rights, GRANT_ANY) && !rights.restriction;
  await prisma.user.create({
    data: {
      tenantId: tenant.id,
      id,
      email: storedEmail(input.email),
      emailKey: key,
      emailVerified,
      passwordHash,
      ...personData(input),
      attributes,
      isService: input.serviceAccount === true,
      createdAt: now,
      createdBy: by,
      updatedAt: now,
      updatedBy: by,
    },
    select: { id: true },
  });
  context.nameTarget(encodeId("User", id));
  const sent = toBeSent(input, emailVerified);
  if (sent) {
    await sendOneTimeToken(context, { kind: sent, userId: id, email: storedEmail(input.email) });
  }
  return { userId: isOpen ? null : id };
}

/** Which token a new user is sent: to prove the address, or to set a first password. */
function toBeSent(
  { password, serviceAccount }: Input,
  emailVerified: boolean,
): "EMAIL" | "PASSWORD" | null {
  if (!emailVerified) return "EMAIL";
  return typeof password === "string" || serviceAccount ? null : "PASSWORD";
}
