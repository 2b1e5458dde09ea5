import { SessionRef, UserRef } from "../../access/refs.ts";
import { permits } from "../../authz/rights.ts";
import type { UserSession } from "../../db/generated/client.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { findNode, Node } from "../../graphql/node.ts";
import {
  isOwn,
  seesOthers,
  type SessionStatus,
  sessionsPage,
  statusOf,
} from "./session-loaders.ts";

/** Whether a session is accepted. */
export const SessionStatusEnum = builder.enumType("SessionStatus", {
  description: "Whether a session is accepted.",
  values: {
    ACTIVE: { description: "It is." },
    EXPIRED: { description: "Its time has passed." },
    ENDED: { description: "It was ended." },
  } as const satisfies Record<SessionStatus, object>,
});

builder.prismaObject("UserSession", {
  name: "Session",
  description:
    "A session of a user, without its token, which is shown once and not kept. Seen by its user, and by whoever holds `session::find`, `session::end` or `session::create`.",
  authScopes: (session, context) => isOwn(session, context) || seesOthers(context),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, which is not the text that is presented.",
      resolve: ({ id }) => encodeId("Session", id),
    }),
    user: t.field({
      type: UserRef,
      description:
        "Whose it is; null where the user was deleted. Of others for whoever holds some permission of users.",
      resolve: async ({ userId }, _args, context) =>
        (await findNode(context, encodeId("User", userId))) as never,
    }),
    status: t.field({
      type: SessionStatusEnum,
      nullable: false,
      description: "Whether it is accepted.",
      resolve: (session, _args, { now }) => statusOf(session, now),
    }),
    isCurrent: t.boolean({
      nullable: false,
      description: "Whether it is the one that the request presents.",
      resolve: ({ id }, _args, { rights }) =>
        rights.principal.sessionId === encodeId("Session", id),
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When the user logged in.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      description: "From when on it is refused; null: never.",
    }),
    endedAt: t.expose("endedAt", {
      type: "DateTime",
      description: "When it was ended; null: it was not.",
    }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      description: "When it was last accepted, to within ten seconds; null: not yet.",
    }),
    ip: t.exposeString("ip", {
      description:
        "The address at the other end of the connection when the user logged in; null where it is not known, or the user was deleted.",
    }),
  }),
});

/** A page of sessions. */
export const SessionConnection = connectionOf("Session", SessionRef);

builder.objectField(UserRef, "sessions", (t) =>
  t.field({
    type: SessionConnection,
    description:
      "The sessions of the user, oldest first. Of others for whoever holds `session::find`; null otherwise.",
    args: {
      status: t.arg({ type: SessionStatusEnum, description: "Only those of this status." }),
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: async ({ id }, { status, ...args }, context) =>
      mayList({ userId: id }, context)
        ? await sessionsPage(context, args, { status: status ?? null, userId: id })
        : null,
  }),
);

function mayList(session: Pick<UserSession, "userId">, context: Context): boolean {
  return isOwn(session, context) || permits(context.rights, "session::find");
}
