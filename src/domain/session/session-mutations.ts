import { useUpAllTokens } from "../../access/one-time-tokens.ts";
import { SessionRef } from "../../access/refs.ts";
import { requireNoLessThan } from "../../access/user-rights.ts";
import { decodeId, encodeId, NIL_UUID } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError, NotFoundError } from "../../graphql/errors.ts";
import { may } from "../../graphql/scopes.ts";
import { beginSession, type NewSession } from "./new-session.ts";
import { knownSession } from "./session-loaders.ts";

const LogoutInput = builder.inputType("LogoutInput", {
  description: "Which of one's own sessions to end: the one that the request presents if not said.",
  fields: (t) => ({
    sessionId: t.id({ description: "Another session of one's own." }),
    everywhere: t.boolean({ description: "Whether to end all of them." }),
  }),
});

const LogoutPayload = builder.objectRef<{ readonly ended: number }>("LogoutPayload").implement({
  description: "What became of one's sessions.",
  authScopes: () => true,
  fields: (t) => ({
    endedSessions: t.exposeInt("ended", {
      nullable: false,
      description: "How many were ended that had not been before.",
    }),
  }),
});

const EndSessionInput = builder.inputType("EndSessionInput", {
  description: "A session to end.",
  fields: (t) => ({ id: t.id({ required: true, description: "Which session." }) }),
});

const CreateSessionInput = builder.inputType("CreateSessionInput", {
  description: "A session of a service account.",
  fields: (t) => ({
    userId: t.id({ required: true, description: "The service account." }),
    expiresAt: t.field({
      type: "DateTime",
      description: "From when on it is refused; null: never.",
    }),
  }),
});

const EndSessionPayload = builder
  .objectRef<{ readonly id: string }>("EndSessionPayload")
  .implement({
    description: "What became of an ended session.",
    authScopes: () => true,
    fields: (t) => ({
      session: t.field({
        type: SessionRef,
        description: "The session as it is now.",
        resolve: ({ id }, _args, context) => knownSession(context, id),
      }),
    }),
  });

const CreateSessionPayload = builder.objectRef<NewSession>("CreateSessionPayload").implement({
  description: "A new session, and its text.",
  authScopes: () => true,
  fields: (t) => ({
    session: t.field({
      type: SessionRef,
      description: "The session as it is now.",
      resolve: ({ id }, _args, context) => knownSession(context, id),
    }),
    sessionToken: t.exposeString("text", {
      nullable: false,
      description:
        "The session, to present as `Authorization: Bearer`. It is shown this once and kept nowhere.",
    }),
  }),
});

builder.mutationFields((t) => ({
  logout: t.field({
    type: LogoutPayload,
    description:
      "Ends the session that the request presents, or others of the same user. It is refused from the next request on.",
    authScopes: may("session::logout"),
    changesRights: true,
    args: {
      input: t.arg({
        type: LogoutInput,
        description: "Which; the one that is presented if not given.",
      }),
    },
    resolve: (_root, { input }, context) => logout(context, input ?? {}),
  }),
  endSession: t.field({
    type: EndSessionPayload,
    description:
      "Ends a session of any user, at once and for good; ending it again changes nothing.",
    authScopes: may("session::end"),
    changesRights: true,
    args: {
      input: t.arg({ type: EndSessionInput, required: true, description: "The session to end." }),
    },
    resolve: (_root, { input }, context) => endSession(context, input.id),
  }),
  createSession: t.field({
    type: CreateSessionPayload,
    description:
      "Begins a session of a service account that has no more than the caller holds. Nobody begins one of a person.",
    authScopes: may("session::create"),
    changesRights: true,
    args: {
      input: t.arg({
        type: CreateSessionInput,
        required: true,
        description: "The session to begin.",
      }),
    },
    resolve: (_root, { input }, context) => createSession(context, input),
  }),
}));

async function logout(
  context: Context,
  { sessionId, everywhere }: typeof LogoutInput.$inferInput,
): Promise<{ ended: number }> {
  const { prisma, tenant, rights, now } = context;
  const { sessionId: own, id } = rights.principal;
  if (!tenant || own === undefined) {
    throw new InputError("You present no session of the tenant's own. There is none to end.");
  }
  const userId = decodeId("User", id ?? "") ?? NIL_UUID;
  const named = decodeId("Session", sessionId ?? own) ?? NIL_UUID;
  const { count } = await prisma.userSession.updateMany({
    where: { tenantId: tenant.id, userId, endedAt: null, ...(!everywhere && { id: named }) },
    data: { endedAt: now },
  });
  if (count === 0 && !everywhere) throw new NotFoundError("session");
  // Whoever ends all of them means those too who had one.
  if (everywhere) await useUpAllTokens(context, userId);
  context.nameTarget(everywhere ? (id ?? own) : (sessionId ?? own));
  if (everywhere || named === decodeId("Session", own)) context.leave();
  return { ended: count };
}

async function endSession(context: Context, id: string): Promise<{ id: string }> {
  const { prisma, tenant, now } = context;
  const uuid = decodeId("Session", id) ?? NIL_UUID;
  const session = await knownSession(context, uuid);
  if (!tenant || !session) throw new NotFoundError("session");
  if (session.endedAt) return { id: uuid };
  await prisma.userSession.update({
    where: { tenantId_id: { tenantId: tenant.id, id: uuid } },
    data: { endedAt: now },
    select: { id: true },
  });
  return { id: uuid };
}

async function createSession(
  context: Context,
  { userId, expiresAt = null }: typeof CreateSessionInput.$inferInput,
): Promise<NewSession> {
  const { prisma, tenant, now } = context;
  const uuid = decodeId("User", userId) ?? NIL_UUID;
  const user = tenant
    ? await prisma.user.findFirst({
        where: { tenantId: tenant.id, id: uuid, deletedAt: null },
        include: { roles: { include: { role: true } } },
      })
    : null;
  if (!user) throw new NotFoundError("user");
  if (!user.isService)
    throw new InputError(
      "This user is a person, who logs in. Register a program with serviceAccount: true.",
    );
  if (expiresAt !== null && expiresAt <= now)
    throw new InputError("expiresAt is a moment to come.");
  await requireNoLessThan(
    context,
    user.roles.map(({ role }) => role),
  );
  const session = await beginSession(context, uuid, expiresAt);
  context.nameTarget(encodeId("Session", session.id));
  return session;
}
