import { encodeId } from "../../db/id.ts";
import { writeEvents } from "../../events/write-events.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { isCustomName } from "../../graphql/permissions.ts";
import { may } from "../../graphql/scopes.ts";
import { EventRef } from "./event.ts";
import { eventsById } from "./event-loaders.ts";

/** The most bytes of the data of an event, as JSON. */
const MOST_BYTES = 4_096;

const WriteEventInput = builder.inputType("WriteEventInput", {
  description: "An event of the tenant's own.",
  fields: (t) => ({
    name: t.string({
      required: true,
      description: "`custom::` and 1 to 128 of `a-z 0-9 _ . : -`.",
    }),
    data: t.field({
      type: "JSON",
      description: `What else there is to say: any JSON of up to ${MOST_BYTES} bytes. It cannot be taken back, so no secrets.`,
    }),
  }),
});

const WriteEventPayload = builder.objectRef<{ eventId: string }>("WriteEventPayload").implement({
  description: "What became of the event.",
  authScopes: () => true,
  fields: (t) => ({
    event: t.field({
      type: EventRef,
      description: "The event. Not sealed yet.",
      authScopes: may("event::find"),
      resolve: ({ eventId }, _args, context) => eventsById(context).load(eventId),
    }),
  }),
});

builder.mutationField("writeEvent", (t) =>
  t.field({
    type: WriteEventPayload,
    description:
      "Writes an event of the tenant's own to its log, besides the event `event::write` that says who wrote it.",
    authScopes: may("event::write"),
    args: {
      input: t.arg({ type: WriteEventInput, required: true, description: "The event to write." }),
    },
    resolve: (_root, { input }, context) => writeEvent(context, input),
  }),
);

async function writeEvent(
  context: Context,
  { name, data }: { readonly name: string; readonly data?: unknown },
): Promise<{ eventId: string }> {
  const { transaction, tenant, rights, now, ip } = context;
  if (!tenant) throw new NotFoundError("tenant");
  const text = data === undefined || data === null ? null : JSON.stringify(data);
  refuseFaults([
    ...(isCustomName(name) ? [] : ["name is custom:: and then 1 to 128 of a-z, 0-9 and _ . : -"]),
    ...(Buffer.byteLength(text ?? "") > MOST_BYTES
      ? [`data is at most ${MOST_BYTES} bytes of JSON.`]
      : []),
  ]);
  const event = { name, outcome: "ALLOWED", target: null, reason: null, data: text } as const;
  const [eventId = ""] = await writeEvents(transaction, tenant.id, [
    { ...event, principal: rights.principal, at: now, ip, count: 1 },
  ]);
  context.nameTarget(encodeId("Event", eventId));
  return { eventId };
}
