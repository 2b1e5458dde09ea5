import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { createApp } from "../../../src/app.ts";
import { newUuid } from "../../../src/db/id.ts";
import { Journal } from "../../../src/events/journal.ts";
import { Sealer } from "../../../src/events/sealer.ts";
import { createLog } from "../../../src/http/log.ts";
import { serve } from "../../../src/http/server.ts";
import { createTransport } from "../../../src/http/transport.ts";
import { newKeyText } from "../../../src/identity/secret/key-text.ts";
import { eventsDuring } from "../../domain/event/log.ts";
import { aWorld, EVENT_KEY } from "../../support/world.ts";

describe("Over a socket", async () => {
  const world = await aWorld();
  const lines: Record<string, unknown>[] = [];
  const log = createLog(
    "info",
    new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
        done();
      },
    }),
  );
  const { database } = world;
  const journal = new Journal({ database, log, now: () => new Date() });
  const app = createApp({ database, log, journal, eventKey: EVENT_KEY });
  const transport = createTransport(app, { log, ready: async () => true });
  const server = await serve(transport, { host: "127.0.0.1", port: 0 });
  afterAll(() => server.close());

  const ask = async (query: string, headers: Record<string, string>) => {
    const response = await fetch(`${server.address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query }),
    });
    return await response.text();
  };

  it("an event has the address of the connection, whatever a header says", async () => {
    const written = await eventsDuring(world, () =>
      ask(`mutation { writeEvent(input: { name: "custom::x" }) { __typename } }`, {
        "x-api-key": world.admin,
        "x-forwarded-for": "203.0.113.5",
        "x-real-ip": "203.0.113.5",
        forwarded: "for=203.0.113.5",
      }),
    );

    expect(written.map(({ ip }) => ip)).toEqual(["127.0.0.1", "127.0.0.1"]);
  });

  it("a credential that names no tenant is told to the server's log alone, without its text", async () => {
    const stranger = newKeyText(newUuid(), newUuid()).text;
    await ask("{ viewer { name } }", { "x-api-key": stranger });
    await ask("{ viewer { name } }", { "x-api-key": "fgk_hunter2" });
    await ask("{ viewer { name } }", { "x-api-key": newKeyText(world.tenantId, newUuid()).text });
    await journal.flush();
    const told = lines.filter(({ msg }) => msg === "credential refused");

    expect(told.map(({ ip, reason }) => [ip, reason])).toEqual([
      ["127.0.0.1", "Unknown, ended, expired or revoked credential, or one of another tenant."],
      ["127.0.0.1", "Malformed or mistyped credential."],
    ]);
    expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${stranger}|hunter2`));
  });

  it("the sealer goes on in the background until it is stopped", async () => {
    const sealer = new Sealer({ database, log, key: EVENT_KEY });
    sealer.start();
    await ask(`mutation { writeEvent(input: { name: "custom::y" }) { __typename } }`, {
      "x-api-key": world.admin,
    });
    await expect
      .poll(
        () =>
          lines.some(
            (line) => line["msg"] === "events sealed" && line["tenantId"] === world.tenantId,
          ),
        {
          timeout: 20_000,
        },
      )
      .toBe(true);
    await sealer.stop();
    await ask(`mutation { writeEvent(input: { name: "custom::z" }) { __typename } }`, {
      "x-api-key": world.admin,
    });
    const unsealed = async () =>
      JSON.parse(
        await ask("{ verifyEvents { ok unsealed } }", { "x-api-key": world.admin }),
      ) as unknown;

    expect(await unsealed()).toEqual({ data: { verifyEvents: { ok: true, unsealed: 2 } } });
  });
});
