import { type Verified, verifyEvents } from "../../events/verify-events.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError, NotFoundError, UnavailableError } from "../../graphql/errors.ts";
import { may } from "../../graphql/scopes.ts";

const ChainFaultEnum = builder.enumType("EventFault", {
  description: "What is wrong with the chain of events.",
  values: {
    OTHER_KEY: { description: "It was sealed under another `EVENT_KEY` than that of this server." },
    ALTERED: { description: "An event is not what was sealed." },
    MISSING: { description: "An event is gone from between others." },
    CUT: { description: "The chain does not end where it ended." },
    HEAD: { description: "The head, which tells where the chain ends, is not what was sealed." },
  } as const,
});

const EventHead = builder.objectRef<Verified["head"]>("EventHead").implement({
  description: "The end of the chain of events.",
  authScopes: may("event::verify"),
  fields: (t) => ({
    number: t.int({
      nullable: false,
      description: "The number of the last event; 0: none is sealed.",
      resolve: ({ number }) => Number(number),
    }),
    mac: t.string({
      nullable: false,
      description: "Its seal, as the log of a server has it.",
      resolve: ({ mac }) => mac.toString("hex"),
    }),
  }),
});

/** The input of a head that was read elsewhere. */
export const EventHeadInput = builder.inputType("EventHeadInput", {
  description: "The end that the chain of events had at some time.",
  fields: (t) => ({
    number: t.int({ required: true, description: "The number of the event that was the last." }),
    mac: t.string({ required: true, description: "Its seal." }),
  }),
});

/** The type `EventChain`. */
export const ChainReport = builder.objectRef<Verified>("EventChain").implement({
  description: "Whether the tenant's log is whole.",
  authScopes: may("event::verify"),
  fields: (t) => ({
    ok: t.boolean({
      nullable: false,
      description: "Whether every sealed event is what was sealed, and none is missing.",
      resolve: ({ fault }) => fault === null,
    }),
    checked: t.exposeInt("checked", {
      nullable: false,
      description: "How many events, from the first on, are in order.",
    }),
    fault: t.expose("fault", {
      type: ChainFaultEnum,
      description: "What is wrong; null: nothing.",
    }),
    firstBroken: t.exposeInt("firstBroken", {
      description:
        "The number of the first event that is not as it was sealed; null where all are, and under another key.",
    }),
    unsealed: t.exposeInt("unsealed", {
      nullable: false,
      description: "How many events are not sealed yet, and so prove nothing.",
    }),
    head: t.field({
      type: EventHead,
      description: "Where the chain ends, as the database tells it.",
      resolve: ({ head }) => head,
    }),
  }),
});

/**
 * Looks at the log of the tenant.
 *
 * @throws {InputError} for a head that none can be.
 */
export async function chainReport(
  { transaction, tenant, eventKey }: Context,
  head: { readonly number: number; readonly mac: string } | null,
): Promise<Verified> {
  if (!tenant) throw new NotFoundError("tenant");
  if (!eventKey) throw new UnavailableError("This process has no key of events.");
  if (head && !(head.number > 0 && /^[0-9a-f]{64}$/.test(head.mac))) {
    throw new InputError("head is a number above 0 and a mac of 64 hexadecimal digits.");
  }
  return await verifyEvents(transaction, eventKey, tenant.id, head);
}
