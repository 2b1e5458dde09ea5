import { decodeId, NIL_UUID } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { may } from "../../graphql/scopes.ts";
import { SessionConnection, SessionStatusEnum } from "./session.ts";
import { sessionsPage } from "./session-loaders.ts";

builder.queryField("sessions", (t) =>
  t.field({
    type: SessionConnection,
    description:
      "The sessions of the tenant's users, oldest first. `User.sessions` has the caller's own.",
    authScopes: may("session::find"),
    args: {
      userId: t.arg.id({ description: "Only those of this user." }),
      status: t.arg({ type: SessionStatusEnum, description: "Only those of this status." }),
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor." }),
    },
    resolve: (_root, { userId, status, ...args }, context) =>
      sessionsPage(context, args, {
        status: status ?? null,
        userId: typeof userId === "string" ? (decodeId("User", userId) ?? NIL_UUID) : null,
      }),
  }),
);
