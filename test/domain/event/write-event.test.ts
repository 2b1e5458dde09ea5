import { expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { eventsDuring } from "./log.ts";

const world = await aWorld();
const WRITE = `mutation ($input: WriteEventInput!) {
  writeEvent(input: $input) { event { id name data number } }
}`;
const write = (name: string, data: unknown = null, key = world.admin) =>
  world.run<{ writeEvent: { event: { id: string; name: string; data: unknown } } }>(WRITE, {
    key,
    variables: { input: { name, data } },
  });

it.each([["custom::a"], ["custom::login"], ["custom::a_b.c:d-9"], [`custom::${"x".repeat(128)}`]])(
  "A tenant writes an event of its own: %s",
  async (name) => {
    const data = { step: 3, of: ["a", null, 1.5, "\u0000 é 🎬 \uD800"] };
    const written = await eventsDuring(world, async () => {
      const { data: answer } = await write(name, data);
      expect(answer?.writeEvent.event).toMatchObject({ name, data, number: null });
    });

    expect(written.map(({ name: each, outcome }) => [each, outcome])).toEqual([
      [name, "ALLOWED"],
      ["event::write", "ALLOWED"],
    ]);
    expect(written[0]?.data).toEqual(data);
    expect(written[1]).toMatchObject({ target: written[0]?.id, data: null });
  },
);

it.each([
  ["custom::"],
  ["custom"],
  ["login"],
  ["system::authenticate"],
  ["role::create"],
  ["toString"],
  ["__proto__"],
  ["custom::toString"],
  ["custom::A"],
  ["custom::a b"],
  ["custom::a\n"],
  ["custom::a\u0000"],
  // A Cyrillic а, a full-width colon, a zero-width space.
  ["custom::\u0430"],
  ["custom\uFF1A\uFF1Aa"],
  ["custom::a\u200B"],
  [" custom::a"],
  [`custom::${"x".repeat(129)}`],
  [`custom::${"x".repeat(10_240)}`],
])("An event cannot be called %j", async (name) => {
  const written = await eventsDuring(world, async () => {
    const { errors } = await write(name);
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  expect(written.map((event) => [event.name, event.outcome, event.reason])).toEqual([
    ["event::write", "FAILED", "BAD_USER_INPUT"],
  ]);
});

it("The data of an event are up to 4 KiB of JSON", async () => {
  const most = "x".repeat(4_096 - 2);
  expect((await write("custom::most", most)).errors).toEqual([]);
  const more = await write("custom::more", `${most}x`);
  const wide = await write("custom::more", "é".repeat(2_048));

  expect(more.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  expect(wide.errors[0]?.message).toContain("4096 bytes");
});

it("Only whoever holds event::write writes one, and a role may hold a custom name and not so", async () => {
  const holder = await world.key({ roles: [{ permissions: ["event::write", "event::find"] }] });
  const other = await world.key({ roles: [{ permissions: ["custom::a", "event::find"] }] });

  expect((await write("custom::a", null, holder)).errors).toEqual([]);
  expect((await write("custom::a", null, other)).errors[0]?.extensions).toMatchObject({
    code: "FORBIDDEN",
    missing: { gate: "PERMISSION", name: "event::write" },
  });
});
