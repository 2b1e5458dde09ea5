import type { Event, Prisma } from "../../db/generated/client.ts";
import { decodeId, encodeId, NIL_UUID, typeOfId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { keysetPage, type PageArgs } from "../../graphql/keyset-page.ts";
import { LONGEST, storedText, textFaults } from "../../graphql/input-text.ts";
import { may } from "../../graphql/scopes.ts";
import { EventRef, OutcomeEnum } from "./event.ts";
import { ChainReport, chainReport, EventHeadInput } from "./chain-report.ts";

const EventConnection = connectionOf("Event", EventRef);

const EventFilter = builder.inputType("EventFilter", {
  description: "Only events that agree in everything that is given.",
  fields: (t) => ({
    name: t.string({ description: "Of this name, such as `role::update`." }),
    outcome: t.field({ type: OutcomeEnum, description: "That ended so." }),
    principalId: t.id({ description: "Of the caller with this id." }),
    clientId: t.string({
      description: "Of the client with this `clientId`: of its access tokens.",
    }),
    target: t.id({ description: "About the thing with this id, which may be gone." }),
    from: t.field({ type: "DateTime", description: "At this time or later." }),
    to: t.field({ type: "DateTime", description: "Before this time." }),
  }),
});

type Filter = typeof EventFilter.$inferInput;

builder.queryFields((t) => ({
  events: t.field({
    type: EventConnection,
    description: "The log of the tenant, newest first.",
    authScopes: may("event::find"),
    args: {
      first: t.arg.int({ description: "How many at most: up to 1000, and 100 if not given." }),
      after: t.arg.string({ description: "Those after this cursor, which are older." }),
      filter: t.arg({ type: EventFilter, description: "Only those that match." }),
    },
    resolve: (_root, { filter, ...args }, context) => eventsPage(context, args, filter ?? {}),
  }),
  verifyEvents: t.field({
    type: ChainReport,
    description:
      "Looks at every sealed event, in order, whether it is what was sealed. What was removed, altered or cut off in the database shows.",
    authScopes: may("event::verify"),
    args: {
      head: t.arg({
        type: EventHeadInput,
        description:
          "A head from the log of a server. It tells also of a database that was put back to an earlier state.",
      }),
    },
    resolve: (_root, { head }, context) => chainReport(context, head ?? null),
  }),
}));

async function eventsPage(context: Context, args: PageArgs, filter: Filter) {
  const { prisma, tenant } = context;
  const listed = { tenantId: tenant?.id ?? NIL_UUID, ...conditionOf(filter) };
  return await keysetPage<Event>(context, args, {
    scope: `events ${JSON.stringify(listed)}`,
    place: ({ id }) => encodeId("Event", id),
    read: async (take, after) =>
      await prisma.event.findMany({
        where: {
          ...listed,
          ...(after !== null && { id: { lt: decodeId("Event", after) ?? NIL_UUID } }),
        },
        orderBy: { id: "desc" },
        take,
      }),
    count: async () => await prisma.event.count({ where: listed }),
  });
}

/** No event holds the empty text: what stands for a filter that nothing can match. */
const NOBODYS = "";

/** Whether it could be the name of an event. */
function isEventName(text: string): boolean {
  return /^[a-z_]+::[a-z0-9_.:-]+$/.test(text);
}

/** Whether a token can have it. */
function isClientId(text: string): boolean {
  return textFaults("clientId", text, { most: LONGEST.label }).length === 0;
}

function idOrNone(text: string): string {
  return typeOfId(text) ? text : NOBODYS;
}

function conditionOf({ name, outcome, principalId, clientId, target, from, to }: Filter) {
  return {
    ...(typeof name === "string" && { name: isEventName(name) ? name : NOBODYS }),
    ...(outcome && { outcome }),
    ...(typeof principalId === "string" && { principalId: idOrNone(principalId) }),
    ...(typeof clientId === "string" && {
      clientId: isClientId(clientId) ? storedText(clientId) : NOBODYS,
    }),
    ...(typeof target === "string" && { target: idOrNone(target) }),
    ...((from ?? to) && { at: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
  } satisfies Prisma.EventWhereInput;
}
