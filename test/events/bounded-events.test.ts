import { expect, it } from "vitest";
import { strangerOf } from "../../src/authz/principal.ts";
import { BoundedEvents } from "../../src/events/bounded-events.ts";
import type { NewEvent } from "../../src/events/event.ts";

const START = Date.UTC(2026, 0, 1);
const after = (seconds: number) => new Date(START + seconds * 1_000);

function anEvent(event: Partial<NewEvent> = {}): NewEvent {
  return {
    name: "system::authenticate",
    outcome: "FAILED",
    principal: strangerOf("a"),
    target: null,
    reason: "UNKNOWN",
    at: after(0),
    ip: "192.0.2.1",
    count: 1,
    ...event,
  };
}

const counts = (events: BoundedEvents, seconds: number, isLast = false) =>
  events.take(after(seconds), isLast).map(({ event }) => event.count);

it("What happens once is written at once, and what goes on is written once a minute with its count", () => {
  const events = new BoundedEvents();
  events.add("a", anEvent());
  expect(counts(events, 1)).toEqual([1]);
  for (let time = 0; time < 7; time += 1) events.add("a", anEvent({ at: after(2 + time) }));
  expect(counts(events, 30)).toEqual([]);
  expect(events.dueAt).toBe(after(61).getTime());
  const [later] = events.take(after(61));

  expect(later?.event).toMatchObject({ count: 7, at: after(2) });
  expect(counts(events, 122)).toEqual([]);
  expect(events.dueAt).toBeNull();
});

it("Whatever has not been written yet is taken at the end", () => {
  const events = new BoundedEvents();
  events.add("a", anEvent());
  expect(counts(events, 1)).toEqual([1]);
  events.add("a", anEvent());

  expect(counts(events, 2, true)).toEqual([1]);
});

it("Tenants, names, reasons, targets and addresses are told apart, and addresses of one block are not", () => {
  const events = new BoundedEvents();
  events.add("a", anEvent());
  events.add("b", anEvent());
  events.add("a", anEvent({ reason: "REVOKED" }));
  events.add("a", anEvent({ target: "key_1" }));
  events.add("a", anEvent({ name: "role::find" }));
  events.add("a", anEvent({ ip: "192.0.2.2" }));
  events.add("a", anEvent({ ip: "2001:db8:1:2:3:4:5:6" }));
  events.add("a", anEvent({ ip: "2001:db8:1:2:ffff:4:5:6" }));

  expect(counts(events, 1)).toEqual([1, 1, 1, 1, 1, 1, 2]);
});

it("However many tenants and addresses there are, what is kept and what is written is bounded", () => {
  const events = new BoundedEvents();
  for (let address = 0; address < 100_000; address += 1) {
    events.add(`tenant ${address % 200}`, anEvent({ ip: `192.0.2.${address}` }));
  }
  const written = events.take(after(1));
  const ofOne = written.filter(({ tenantId }) => tenantId === "tenant 1");

  expect(written.length).toBeLessThanOrEqual(2_000 + 200);
  expect(ofOne.length).toBeLessThanOrEqual(21);
});

it("The events beyond those that are told apart are one, which names nobody", () => {
  const events = new BoundedEvents();
  for (let address = 0; address < 50; address += 1) {
    events.add("a", anEvent({ ip: `192.0.2.${address}` }));
  }
  const written = events.take(after(1));

  expect(written).toHaveLength(21);
  expect(written.at(-1)?.event).toMatchObject({
    name: "system::others",
    outcome: "FAILED",
    ip: null,
    reason: null,
    count: 30,
  });
});

it("What happens in one tenant is written, however much happens in others", () => {
  const events = new BoundedEvents();
  for (let place = 0; place < 10_000; place += 1) {
    events.add(`tenant ${place % 200}`, anEvent({ ip: `192.0.${place >> 8}.${place & 255}` }));
  }
  events.add("quiet", anEvent({}));
  const written = events.take(after(1)).filter(({ tenantId }) => tenantId === "quiet");

  expect(written.map(({ event }) => event.count)).toEqual([1]);
});
