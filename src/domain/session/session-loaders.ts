import { permits } from "../../authz/rights.ts";
import type { UserSession } from "../../db/generated/client.ts";
import { decodeId, encodeId, NIL_UUID } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { findNodesOf } from "../../graphql/node.ts";

/** Whether a session is accepted. */
export type SessionStatus = "ACTIVE" | "EXPIRED" | "ENDED";

/** What a session is at this moment. */
export function statusOf(
  { endedAt, expiresAt }: Pick<UserSession, "endedAt" | "expiresAt">,
  now: Date,
): SessionStatus {
  if (endedAt) return "ENDED";
  return expiresAt && expiresAt <= now ? "EXPIRED" : "ACTIVE";
}

/** The condition on stored sessions under which they are of this status: the rule above, for Prisma. */
export function whereStatus(status: SessionStatus, now: Date) {
  switch (status) {
    case "ENDED":
      return { endedAt: { not: null } };
    case "EXPIRED":
      return { endedAt: null, expiresAt: { lte: now } };
    case "ACTIVE":
      return { endedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  }
}

/** Whether it is a session of the caller's own. */
export function isOwn({ userId }: Pick<UserSession, "userId">, { rights }: Context): boolean {
  const { kind, id } = rights.principal;
  return kind === "SESSION" && id === encodeId("User", userId);
}

/** Whether the caller may see the sessions of others. */
export function seesOthers({ rights }: Context): boolean {
  return ["session::find", "session::end", "session::create"].some((name) => permits(rights, name));
}

/** A session by its UUID, as far as the caller may know of it; null for any other. */
export async function knownSession(context: Context, uuid: string): Promise<UserSession | null> {
  const { prisma, tenant, rights } = context;
  const isUser = rights.principal.kind === "SESSION";
  if (!tenant || (!isUser && !seesOthers(context))) return null;
  const session = await prisma.userSession.findFirst({ where: { tenantId: tenant.id, id: uuid } });
  const isKnown = session && (isOwn(session, context) || seesOthers(context));
  return isKnown ? session : null;
}

/** Which sessions are listed. */
export interface ListedSessions {
  /** Null: of every status. */
  readonly status: SessionStatus | null;
  /** The UUID of a user; null: of everybody. */
  readonly userId: string | null;
}

/** One page of sessions, oldest first. */
export async function sessionsPage(
  context: Context,
  args: PageArgs,
  { status, userId }: ListedSessions,
) {
  const { prisma, tenant, now } = context;
  const listed = {
    tenantId: tenant?.id ?? NIL_UUID,
    ...(userId !== null && { userId }),
    ...(status && whereStatus(status, now)),
  };
  return await keysetPage<UserSession>(context, args, {
    scope: `sessions ${status ?? ""} ${userId ?? ""}`,
    place: ({ id }) => encodeId("Session", id),
    read: async (take, after) =>
      await prisma.userSession.findMany({
        where: {
          ...listed,
          ...(after !== null && { id: { gt: decodeId("Session", after) ?? NIL_UUID } }),
        },
        orderBy: { id: "asc" },
        take,
      }),
    count: async () => await prisma.userSession.count({ where: listed }),
  });
}

findNodesOf("Session", knownSession);
