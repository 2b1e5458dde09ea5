import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { awaitTurn, type Turn } from "../../../src/graphql/turns.ts";
import { HASHING } from "../../../src/identity/secret/password.ts";
import { aWorld } from "../../support/world.ts";

const world = await aWorld();
const user = await world.user();
const system = await world.system();
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { userId } }`;
const login = async (input: object) => {
  const variables = { input: { ...system, email: user.email, password: user.password, ...input } };
  const { errors } = await world.run(LOGIN, { key: null, variables });
  return errors[0]?.extensions.code ?? "OK";
};

let turns: (Turn | null)[];
beforeEach(async () => {
  turns = await Promise.all(Array.from({ length: HASHING.atOnce }, () => awaitTurn(HASHING)));
});
afterEach(() => {
  for (const turn of turns) turn?.pass();
});

describe("While others hash passwords", () => {
  it("nobody waits who proves nothing, and so nobody like that is in the way", async () => {
    expect(await login({ systemSecret: "x" })).toBe("UNAUTHENTICATED");
    const document = `mutation { updateMe(input: { currentPassword: "x", password: "y" }) { user { id } } }`;
    const { errors } = await world.run(document, { key: null });
    expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
  });

  it("whoever proves the tenant's secret waits, and comes in", async () => {
    let isIn = false;
    const waiting = login({}).then((code) => {
      isIn = true;
      return code;
    });
    expect(await login({ systemSecret: "x" })).toBe("UNAUTHENTICATED");
    expect(isIn).toBe(false);
    for (const turn of turns.splice(0)) turn?.pass();
    expect(await waiting).toBe("OK");
  });
});
