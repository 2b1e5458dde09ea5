import { newUuid } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { sessionTexts } from "../../identity/secret-texts.ts";

/** A session that was begun: the only time that its text is at hand. */
export interface NewSession {
  /** The UUID of the session. */
  readonly id: string;
  readonly text: string;
  readonly expiresAt: Date | null;
}

/** Begins a session of a user. @param expiresAt Null: it lasts until it is ended. */
export async function beginSession(
  { prisma, tenant, now, ip }: Context,
  userId: string,
  expiresAt: Date | null,
): Promise<NewSession> {
  if (!tenant) throw new NotFoundError("user");
  const id = newUuid();
  const { text, hash } = sessionTexts.create({ tenantId: tenant.id, id });
  await prisma.userSession.create({
    data: {
      tenantId: tenant.id,
      id,
      userId,
      secretHash: new Uint8Array(hash),
      createdAt: now,
      expiresAt,
      ip,
    },
    select: { id: true },
  });
  return { id, text, expiresAt };
}
