import { attemptIn, CLIENT_IP, clientIpFaults, requireFewAttempts } from "../../access/attempts.ts";
import { doorIn } from "../../access/front-door.ts";
import type { User } from "../../db/generated/client.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { LoginRefusedError, NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { mayInStages } from "../../graphql/scopes.ts";
import { markedDevice, newDeviceMark } from "../../identity/login/device-mark.ts";
import { emailKey } from "../../identity/login/email.ts";
import { type Attempting, forgiveAddress } from "../../identity/login/login-attempts.ts";
import { HASHING, isPassword } from "../../identity/secret/password.ts";
import { beginSession, type NewSession } from "./new-session.ts";

const PERMISSION = "session::login";

const LoginInput = builder.inputType("LoginInput", {
  description: "Who logs in, and where.",
  fields: (t) => ({
    systemKey: t.string({ required: true, description: "The tenant's `systemKey`." }),
    systemSecret: t.string({
      required: true,
      description:
        "The secret that `rollSystemSecret` made. It belongs on a server, not in a page.",
    }),
    email: t.string({ required: true, description: "The address of the user." }),
    clientIp: t.string({ description: CLIENT_IP }),
    password: t.string({ required: true, description: "The password of the user." }),
    deviceToken: t.string({
      description:
        "What an earlier login from the same device was answered with: strangers who try the account then do not lock it out there. A browser that logs in by itself keeps it as a cookie.",
    }),
  }),
});

interface LoggedIn extends NewSession {
  readonly userId: string;
  readonly deviceToken: string;
}

const LoginPayload = builder.objectRef<LoggedIn>("LoginPayload").implement({
  description: "What a login is answered with. Ask `viewer` with the session for who it is.",
  authScopes: () => true,
  fields: (t) => ({
    sessionToken: t.exposeString("text", {
      nullable: false,
      description:
        "The session, to present as `Authorization: Bearer`. It is shown this once and kept nowhere.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      description: "From when on it is refused; null: of a service account, which lasts.",
    }),
    userId: t.id({
      nullable: false,
      description: "The id of the user.",
      resolve: ({ userId }) => encodeId("User", userId),
    }),
    deviceToken: t.exposeString("deviceToken", {
      nullable: false,
      description:
        "Marks the device as one that the user logged in from, for 180 days: to be kept there and given to the next `login`. It proves nothing else.",
    }),
  }),
});

type Input = typeof LoginInput.$inferInput;

builder.mutationField("login", (t) =>
  t.field({
    type: LoginPayload,
    description:
      "Begins a session of a user of the tenant's own registry. The request carries no credential. `UNAUTHENTICATED`: the system key, its secret, the address or the password is wrong. `RATE_LIMITED`: there were ten attempts on the account in 15 minutes, or too many from one address; a device with a `deviceToken` has ten of its own.",
    authScopes: mayInStages(PERMISSION),
    isStaged: true,
    args: {
      input: t.arg({ type: LoginInput, required: true, description: "Who logs in, and where." }),
    },
    resolve: (_root, { input }, context) => login(context, input),
  }),
);

/** What was found before the password is looked at. */
interface Trying {
  readonly user: User | null;
  readonly attempt: Attempting;
}

async function login(context: Context, input: Input): Promise<LoggedIn> {
  const method = {
    permission: PERMISSION,
    changesRights: false,
    target: null,
    door: doorIn(input),
  };
  return await context.stage(method, async () => {
    const { user, attempt } = await context.prepare(PERMISSION, () => trying(context, input));
    const isRight = await context.inTurn(HASHING, () =>
      isPassword(input.password, user?.passwordHash ?? null),
    );
    if (!user) throw new LoginRefusedError({ target: null, reason: "UNKNOWN" });
    if (!isRight) throw wrong(user);
    return await context.finish(method, () => begun(context, user, attempt));
  });
}

function wrong({ id }: User): LoginRefusedError {
  return new LoginRefusedError({ target: encodeId("User", id), reason: "WRONG_SECRET" });
}

async function trying(context: Context, { email, deviceToken, clientIp }: Input): Promise<Trying> {
  const { prisma, tenant, now } = context;
  if (!tenant) throw new NotFoundError("tenant");
  refuseFaults(clientIpFaults(clientIp));
  const account = emailKey(email);
  const user = await prisma.user.findFirst({ where: { tenantId: tenant.id, emailKey: account } });
  const { id: userId = "", passwordHash = null } = user ?? {};
  const marked = { userId, passwordHash, key: tenant.cursorKey };
  const mark = deviceToken ?? context.device.mark;
  const deviceId = mark === null ? null : markedDevice(marked, mark, now);
  const attempt = attemptIn(context, { account, deviceId, purpose: "LOGIN", clientIp });
  await requireFewAttempts(context, attempt);
  return { user, attempt };
}

/** Begins the session, if the user is still the one whose password was right. */
async function begun(context: Context, tried: User, attempt: Attempting): Promise<LoggedIn> {
  const { prisma, transaction, tenant, now } = context;
  if (!tenant) throw new NotFoundError("tenant");
  const { tenantId, id } = tried;
  const user = await prisma.user.findFirst({ where: { tenantId, id, deletedAt: null } });
  if (!user || user.passwordHash !== tried.passwordHash) throw wrong(tried);
  await forgiveAddress(transaction, attempt, now);
  const { sessionTtl } = await prisma.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { sessionTtl: true },
  });
  const expiresAt = user.isService ? null : new Date(now.getTime() + sessionTtl * 1_000);
  const session = await beginSession(context, id, expiresAt);
  context.nameTarget(encodeId("User", id));
  const marked = { userId: id, passwordHash: user.passwordHash, key: tenant.cursorKey };
  const deviceToken = newDeviceMark(marked, attempt.deviceId, now);
  context.device.keep(deviceToken);
  return { ...session, userId: id, deviceToken };
}
