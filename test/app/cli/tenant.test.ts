import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { aPlace, type Place } from "./place.ts";
import { aServer, fieldgate, type Server } from "./program.ts";

let place: Place;
let server: Server;
beforeAll(async () => {
  place = await aPlace(inject("database"));
  server = await aServer(place);
});
afterAll(async () => {
  await server.stop();
  await place.drop();
});

describe("tenants are made while a server runs", () => {
  test("the key alone is printed, and it is an administrator's", async () => {
    const made = await fieldgate(place, ["tenant", "create", "acme", "--label", "Acme Inc."]).ended;
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toMatch(/^fgk_\w+\n$/);
    const { tenant, roles } = await server.ask<{ tenant: object; roles: unknown }>(
      made.stdout.trim(),
      "{ tenant { slug label } roles(first: 10) { nodes { name } } }",
    );
    expect(tenant).toEqual({ slug: "acme", label: "Acme Inc." });
    expect(JSON.stringify(roles)).toContain("administrator");
  });

  test("a slug that is taken, or none, is answered in words", async () => {
    const taken = await fieldgate(place, ["tenant", "create", "acme"]).ended;
    expect(taken).toEqual({
      code: 1,
      signal: null,
      stdout: "",
      stderr: "The slug acme is taken. Choose another.\n",
    });
    const malformed = await fieldgate(place, ["tenant", "create", "No-Slug"]).ended;
    expect(malformed).toMatchObject({ code: 1, stdout: "" });
    expect(malformed.stderr).toMatch(/^slug is a lower-case letter, then up to 62 [^\n]+\n$/);
  });

  test("they are listed by slug", async () => {
    await fieldgate(place, ["tenant", "create", "abel"]).ended;
    const { code, stdout } = await fieldgate(place, ["tenant", "list"]).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "abel\tabel\nacme\tAcme Inc.\n" });
  });
});
