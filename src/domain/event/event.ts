import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";
import { PrincipalKindEnum } from "../../graphql/principal-kind.ts";
import { may } from "../../graphql/scopes.ts";

/** How what an event tells of ended. */
export const OutcomeEnum = builder.enumType("EventOutcome", {
  description: "How what an event tells of ended.",
  values: {
    ALLOWED: { description: "It was done." },
    DENIED: { description: "A right was missing." },
    FAILED: { description: "It was refused or went wrong for another reason." },
  } as const,
});

/** The type `Event`. */
export const EventRef = builder.prismaObject("Event", {
  description:
    "One line of the tenant's log. It holds no secret and no cell of a row. Seen by whoever holds `event::find`.",
  authScopes: may("event::find"),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`.",
      resolve: ({ id }) => encodeId("Event", id),
    }),
    number: t.int({
      description: "Its place among the tenant's events, from 1; null: not sealed yet.",
      resolve: ({ number }) => (number === null ? null : Number(number)),
    }),
    name: t.exposeString("name", {
      nullable: false,
      description:
        "The permission of the method. `system::…`: no method was called; `custom::…`: the tenant's own.",
    }),
    outcome: t.expose("outcome", {
      type: OutcomeEnum,
      nullable: false,
      description: "How it ended.",
    }),
    principalKind: t.expose("principalKind", {
      type: PrincipalKindEnum,
      nullable: false,
      description: "What the caller acted as.",
    }),
    principalId: t.exposeID("principalId", {
      description: "The id of the caller; null for ANONYMOUS and OPERATOR.",
    }),
    principalName: t.exposeString("principalName", {
      nullable: false,
      description: "What the caller was called at that time.",
    }),
    clientId: t.exposeString("clientId", {
      description: "The client that an access token was made for; null of any other caller.",
    }),
    clientName: t.exposeString("clientName", {
      description: "What that client was called; null of any other caller.",
    }),
    target: t.exposeID("target", {
      description: "The id of the thing that it is about; null where there is none, or several.",
    }),
    at: t.expose("at", {
      type: "DateTime",
      nullable: false,
      description: "When the request came in; of several, the first.",
    }),
    ip: t.exposeString("ip", {
      description:
        "The address at the other end of the connection, which may be that of a proxy; null for OPERATOR.",
    }),
    reason: t.exposeString("reason", {
      description:
        "Why it was refused: the gate and what was missing there, or a code. IDEMPOTENT_REPLAY of a write that had been done before by its idempotency key. Null of any other.",
    }),
    data: t.field({
      type: "JSON",
      description: "What the tenant's own event was given; null of any other.",
      resolve: ({ data }) => (data === null ? null : (JSON.parse(data) as unknown)),
    }),
    count: t.exposeInt("count", {
      nullable: false,
      description:
        "How often it happened. More than once only for callers whom nothing identifies: of what these repeat there is one event a minute.",
    }),
  }),
});
