import { expect, onTestFinished, test } from "vitest";
import { strangerOf } from "../../../src/authz/principal.ts";
import { newUuid } from "../../../src/db/id.ts";
import { Journal } from "../../../src/events/journal.ts";
import { createLog } from "../../../src/http/log.ts";
import { aWorld } from "../../support/world.ts";

test("What another stranger does is written soon, while the repetitions of the first are counted", async () => {
  const world = await aWorld();
  const log = createLog("silent");
  const journal = new Journal({ database: world.database, log, now: () => new Date() });
  onTestFinished(() => journal.close());
  const attempt = (reason: string) =>
    journal.addOfStranger(world.tenantId, {
      name: "system::authenticate",
      outcome: "FAILED",
      principal: strangerOf(world.tenantId),
      target: `key_${newUuid().replaceAll("-", "")}`,
      reason,
      at: new Date(),
      ip: null,
      count: 1,
    });
  const reasons = async () => {
    const { events } = await world.ask<{ events: { nodes: { reason: string }[] } }>(
      `{ events(filter: { name: "system::authenticate" }) { nodes { reason } } }`,
    );
    return events.nodes.map(({ reason }) => reason);
  };
  attempt("UNKNOWN");
  await expect.poll(reasons, { timeout: 20_000 }).toEqual(["UNKNOWN"]);
  attempt("REVOKED");
  await expect.poll(reasons, { timeout: 20_000 }).toEqual(["REVOKED", "UNKNOWN"]);
});

test("Whoever has it written to the end waits for what is being written", async () => {
  const world = await aWorld();
  const log = createLog("silent");
  const journal = new Journal({ database: world.database, log, now: () => new Date() });
  const event = {
    name: "system::authenticate",
    outcome: "FAILED",
    principal: strangerOf(world.tenantId),
    target: null,
    reason: "UNKNOWN",
    at: new Date(),
    ip: null,
    count: 1,
  } as const;
  journal.addOfStranger(world.tenantId, event);
  void journal.flush();
  await journal.close();

  const { events } = await world.ask<{ events: { totalCount: number } }>(
    `{ events(filter: { name: "system::authenticate" }) { totalCount } }`,
  );
  expect(events.totalCount).toBe(1);
});
