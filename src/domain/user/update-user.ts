import { sendOneTimeToken, useUpAllTokens } from "../../access/one-time-tokens.ts";
import { requireNoLessThan } from "../../access/user-rights.ts";
import { GRANT_ANY } from "../../authz/delegation.ts";
import { signatureOf } from "../../authz/principal.ts";
import { permits } from "../../authz/rights.ts";
import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, InputError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { requirePermission } from "../../graphql/require-permission.ts";
import { emailFaults, emailKey, storedEmail } from "../../identity/login/email.ts";
import { isAnothers } from "./anothers-address.ts";
import { tellLeftAddress } from "./left-address.ts";
import { providerFaults } from "./provider-faults.ts";
import { personData, personFaults, type UpdateUserInput } from "./user-inputs.ts";
import { isSelf, requireUser, rolesOfUsers } from "./user-loaders.ts";
import { attributeData } from "./written-attributes.ts";

/** The user that a mutation wrote, by its UUID. */
export interface WrittenUser {
  readonly userId: string;
}

/** Changes what is known of a user that the caller names. */
export async function updateUser(
  context: Context,
  input: typeof UpdateUserInput.$inferInput,
): Promise<WrittenUser> {
  const { prisma, rights, now } = context;
  const { email } = input;
  const attributes: unknown = input.attributes ?? null;
  if (typeof email === "string") requirePermission(context, "user::update_email");
  if (attributes !== null) requirePermission(context, "user::update_attributes");
  refuseFaults([...personFaults(input), ...(typeof email === "string" ? emailFaults(email) : [])]);
  const user = await requireUser(context, input.id);
  refuseFaults(await providerFaults(context, user, input));
  const changes = {
    ...personData(input),
    ...(await attributeData(context, user, attributes)),
    ...(typeof email === "string" && (await changedEmail(context, user, email))),
  };
  await prisma.user.update({
    where: { tenantId_id: { tenantId: user.tenantId, id: user.id } },
    data: { ...changes, updatedAt: now, updatedBy: signatureOf(rights.principal) },
    select: { id: true },
  });
  return { userId: user.id };
}

/** What is to be written of a new address. */
async function changedEmail(context: Context, user: User, email: string) {
  const { rights } = context;
  if (isSelf(user, context)) {
    throw new InputError("Your own address is changed by `updateMe`, with your password.");
  }
  await requireNoLessThan(context, await rolesOfUsers(context).load(user.id));
  if (await isAnothers(context, user, email)) {
    throw new ConflictError("The email is another user's. Choose another.");
  }
  const isVerified = permits(rights, GRANT_ANY);
  const stored = storedEmail(email);
  await useUpAllTokens(context, user.id);
  if (!isVerified) {
    await sendOneTimeToken(context, { kind: "EMAIL", userId: user.id, email: stored });
  }
  tellLeftAddress(context, user, stored);
  // Nobody logs in by the address of an outside identity.
  return {
    email: stored,
    emailVerified: isVerified,
    ...(user.issuer === null && { emailKey: emailKey(email) }),
  };
}
