import { attemptIn, clientIpFaults, requireFewAttempts } from "../../access/attempts.ts";
import { doorIn } from "../../access/front-door.ts";
import { sendOneTimeToken } from "../../access/one-time-tokens.ts";
import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { emailFaults, emailKey } from "../../identity/login/email.ts";
import type { Attempting } from "../../identity/login/login-attempts.ts";
import type { RequestTokenInput } from "./one-time-inputs.ts";

/** Which token is asked for, and by which method. */
interface Requested {
  readonly permission: string;
  readonly kind: "PASSWORD" | "EMAIL";
}

/** A mail that somebody wants to be sent. */
interface Mailed extends Pick<Requested, "kind"> {
  readonly email: string;
  readonly clientIp?: string | null | undefined;
}

/** The attempt to have a mail sent: they are counted by whom it is for, so that nobody's mailbox is filled. */
export function mailTo(context: Context, { kind, email, clientIp }: Mailed): Attempting {
  const account = `${kind} ${emailKey(email)}`;
  return attemptIn(context, { account, deviceId: null, purpose: "TOKEN", clientIp });
}

/** Has a token sent to the address of a user, if there is one; whoever asks is not told. */
export async function requestToken(
  context: Context,
  input: typeof RequestTokenInput.$inferInput,
  { permission, kind }: Requested,
): Promise<object> {
  const method = { permission, changesRights: false, target: null, door: doorIn(input) };
  return await context.stage(method, async () => {
    await context.prepare(permission, async () => {
      refuseFaults([...emailFaults(input.email), ...clientIpFaults(input.clientIp)]);
      await requireFewAttempts(context, mailTo(context, { ...input, kind }));
    });
    return await context.finish(method, async () => {
      const user = await userOf(context, input.email);
      const isDue = user?.email && (kind === "PASSWORD" || !user.emailVerified);
      if (isDue) {
        await sendOneTimeToken(context, { kind, userId: user.id, email: user.email ?? "" });
      }
      return {};
    });
  });
}

/** Of the tenant's own registry; those that an outside identity found have no password here. */
async function userOf({ prisma, tenant }: Context, email: string): Promise<User | null> {
  return tenant
    ? await prisma.user.findFirst({ where: { tenantId: tenant.id, emailKey: emailKey(email) } })
    : null;
}
