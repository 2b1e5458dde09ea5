import type { World } from "../../support/world.ts";

/** An event, as the API shows it. */
export interface ShownEvent {
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly outcome: "ALLOWED" | "DENIED" | "FAILED";
  readonly principalKind: string;
  readonly principalId: string | null;
  readonly principalName: string;
  readonly clientId: string | null;
  readonly clientName: string | null;
  readonly target: string | null;
  readonly at: string;
  readonly ip: string | null;
  readonly reason: string | null;
  readonly data: unknown;
  readonly count: number;
}

const EVENTS = `query ($filter: EventFilter) {
  events(first: 1000, filter: $filter) {
    nodes {
      id number name outcome principalKind principalId principalName clientId clientName target at ip
      reason data count
    }
  }
}`;

/** The log of a world, newest first, with what strangers did. */
export async function eventsOf(
  { ask, settle }: Pick<World, "ask" | "settle">,
  filter: Readonly<Record<string, unknown>> = {},
): Promise<ShownEvent[]> {
  await settle();
  const { events } = await ask<{ events: { nodes: ShownEvent[] } }>(EVENTS, {
    variables: { filter },
  });
  return events.nodes;
}

/** What was written to the log of a world while something was done, oldest first. */
export async function eventsDuring(world: World, work: () => Promise<unknown>) {
  const before = new Set((await eventsOf(world)).map(({ id }) => id));
  await work();
  const after = await eventsOf(world);
  return after.filter(({ id }) => !before.has(id)).toReversed();
}

/**
 * The same, as if strangers had done nothing in the minute before, within which what they do again is counted. The
 * clock is afterwards where it was.
 */
export async function eventsAnew(world: World, work: () => Promise<unknown>) {
  const written = await eventsDuring(world, work);
  world.wait(61);
  await world.settle();
  world.wait(-61);
  return written;
}

/** The parts of an event that most tests speak of. */
export function inShort({ name, outcome, target, reason }: ShownEvent) {
  return { name, outcome, target, reason };
}
