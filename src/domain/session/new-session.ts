import { forget } from "../../db/forget.ts";
import { newUuid } from "../../db/id.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { sessionTexts } from "../../identity/secret/secret-texts.ts";

/** A session that was begun: the only time that its text is at hand. */
export interface NewSession {
  /** The UUID of the session. */
  readonly id: string;
  readonly text: string;
  readonly expiresAt: Date | null;
}

/** Begins a session of a user. @param expiresAt Null: it lasts until it is ended. */
export async function beginSession(
  { prisma, transaction, tenant, now, ip }: Context,
  userId: string,
  expiresAt: Date | null,
): Promise<NewSession> {
  if (!tenant) throw new NotFoundError("user");
  await pruneSessions(transaction, tenant.id, now);
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

/** How long a session that has ended is still told of, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1_000;

async function pruneSessions(transaction: Transaction, tenantId: string, now: Date): Promise<void> {
  const over = {
    table: "user_session",
    tenantId,
    until: new Date(now.getTime() - KEPT_MS),
  } as const;
  await forget(transaction, { ...over, by: "expires_at" });
  await forget(transaction, { ...over, by: "ended_at" });
}
