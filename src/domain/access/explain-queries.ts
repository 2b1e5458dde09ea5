import type { GraphQLSchema } from "graphql";
import { ViewerRef } from "../../access/refs.ts";
import type { Action } from "../../authz/action.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { may } from "../../graphql/scopes.ts";
import { AccessExplanation } from "./access-explanation.ts";
import { AccessObject, type AccessObjectInput, ActionEnum, askedIn } from "./access-object.ts";
import { AccessSubject, callerOf, type Subject, subjectOf } from "./access-subject.ts";
import { explainData, explainPermission } from "./explain-access.ts";
import type { Explanation } from "./explanation.ts";

const OBJECT = "What the access is to.";
const ACTION = "What is to be done; not for a permission.";

builder.queryField("explainAccess", (t) =>
  t.field({
    type: AccessExplanation,
    description:
      "Whether a key, or whoever holds some roles, may do something, and why: by the code that decides it. Null where the caller does not know of the object, which it learns nothing more of by asking. About oneself `Viewer.explainAccess` needs no more than `viewer::get`.",
    authScopes: may("access::explain"),
    args: {
      subject: t.arg({
        type: AccessSubject,
        description: "Whose access; the caller's, with its roles in effect, if not set.",
      }),
      object: t.arg({ type: AccessObject, required: true, description: OBJECT }),
      action: t.arg({ type: ActionEnum, description: ACTION }),
    },
    resolve: async (_root, { subject, object, action }, context, { schema }) =>
      await explain(context, await subjectOf(context, subject), {
        object,
        action: action ?? null,
        schema,
      }),
  }),
);

builder.objectField(ViewerRef, "explainAccess", (t) =>
  t.field({
    type: AccessExplanation,
    description:
      "Whether the request may do something with its roles in effect, and why. Null where it does not know of the object.",
    args: {
      object: t.arg({ type: AccessObject, required: true, description: OBJECT }),
      action: t.arg({ type: ActionEnum, description: ACTION }),
    },
    resolve: async (_viewer, { object, action }, context, { schema }) =>
      await explain(context, callerOf(context), { object, action: action ?? null, schema }),
  }),
);

interface Question {
  readonly object: AccessObjectInput;
  readonly action: Action | null;
  readonly schema: GraphQLSchema;
}

async function explain(
  context: Context,
  subject: Subject,
  { object, action, schema }: Question,
): Promise<Explanation | null> {
  const asked = await askedIn(context, object, { action, schema });
  if (!asked) return null;
  if ("permission" in asked) return explainPermission(subject, asked);
  return await explainData(context, subject, asked);
}
