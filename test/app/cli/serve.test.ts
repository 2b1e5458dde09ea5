import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { wordsOf } from "../../../src/cli/known-error.ts";
import { aBusyPort, aPlace, type Place } from "./place.ts";
import { aServer, fieldgate, startServer } from "./program.ts";

const isEmbedded = "pgliteTemplate" in inject("database");

let place: Place;
beforeAll(async () => {
  place = await aPlace(inject("database"));
});
afterAll(() => place.drop());

/** What a server without a hook wrote that had a user to tell of a token. */
async function writtenOfAToken(): Promise<string> {
  const server = await aServer(place);
  const { stdout: key } = await fieldgate(place, ["tenant", "create", "told"]).ended;
  const register = `mutation { registerUser(input: { email: "ada@example.com" }) { user { id } } }`;
  await server.ask(key.trim(), register);
  return (await server.stop()).stdout;
}

describe("a server", () => {
  test("that is asked to stop ends well, and the next one has all data", async () => {
    const first = await aServer(place);
    const key = (await fieldgate(place, ["tenant", "create", "kept"]).ended).stdout.trim();
    const made = await first.ask(
      key,
      `mutation { createDataset(input: { name: "kept", columns: [{ name: "a", type: TEXT }] }) {
         dataset { name } } }`,
    );
    expect(await first.stop()).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(existsSync(join(place.dataDir, "lock"))).toBe(false);
    expect(existsSync(join(place.dataDir, "socket"))).toBe(false);

    const second = await aServer(place);
    const found = await second.ask<{ dataset: unknown }>(key, `{ dataset(name: "kept") { name } }`);
    expect({ createDataset: found }).toEqual(made);
    second.child.kill("SIGINT");
    expect(await second.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("that finds its port busy says so and ends by itself", async () => {
    const { port, free } = await aBusyPort();
    const { code, stdout, stderr } = await startServer(place, { PORT: port }).ended;
    expect(code).toBe(1);
    expect(stdout).not.toContain("listening");
    expect(stderr).toBe(
      `Port ${port} on 127.0.0.1 is in use. Stop what listens there, or set PORT to another port.\n`,
    );
    await free();
  });

  test.runIf(isEmbedded)("has an embedded database for itself", async () => {
    const holder = await aServer(place);
    const second = await startServer(place).ended;
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toContain(`is in use by process ${holder.child.pid}`);
    expect(second.stderr).toContain("Stop that process, name another folder, or use PostgreSQL.\n");
    await holder.stop();
  });

  test.runIf(isEmbedded)(
    "with an embedded database has whoever develops read its messages to users",
    async () => {
      expect(await writtenOfAToken()).toMatch(
        /^ada@example\.com sets a new password with the token fgo_\w{92} /m,
      );
    },
  );

  test.skipIf(isEmbedded)(
    "on a server's database says that messages to users need a hook, and writes no token",
    async () => {
      const written = await writtenOfAToken();
      expect(written).toContain("Messages to users, such as resets, are not sent: set");
      expect(written).toContain(
        "A message to a user was not sent: set FIELDGATE_IDENTITY_HOOK_URL",
      );
      expect(written).not.toContain("fgo_");
    },
  );

  test.runIf(isEmbedded)("that stops tells a command that is at work", async () => {
    const server = await aServer(place);
    const database = await place.reach();
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await server.stop();
    const error: unknown = await client.query("SELECT 1").catch((reason: unknown) => reason);
    expect(wordsOf(error)).toMatch(/^The database gave up: .+ What was under way is not kept/);
    client.release(true);
    await database.close();
  });
});
