/** What becomes of a password that was right when it was looked at, and is not when the session begins. */
import { describe, expect, it, vi } from "vitest";
import type * as Passwords from "../../../src/identity/secret/password.ts";
import { HASHING } from "../../../src/identity/secret/password.ts";
import { aWorld, type MadeUser, type World } from "../../support/world.ts";

/** What happens while a password is looked at, once. */
const meanwhile = vi.hoisted(() => ({
  happens: null as (() => Promise<unknown>) | null,
  /** How many passwords are looked at, and were at most. */
  now: 0,
  most: 0,
}));

vi.mock("../../../src/identity/secret/password.ts", async (original) => {
  const passwords = await original<typeof Passwords>();
  return {
    ...passwords,
    // What happens while a password is looked at may have one looked at too.
    HASHING: { ...passwords.HASHING, atOnce: 2 },
    isPassword: async (password: string, stored: string | null) => {
      const { happens } = meanwhile;
      meanwhile.happens = null;
      await happens?.();
      meanwhile.now += 1;
      meanwhile.most = Math.max(meanwhile.most, meanwhile.now);
      const isRight = await passwords.isPassword(password, stored);
      meanwhile.now -= 1;
      return isRight;
    },
  };
});

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { userId } }`;
const ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }`;
const DELETE = `mutation ($id: ID!) { deleteUser(input: {id: $id}) { id } }`;

const CHANGED = "quite another phrase";

const VERIFYING = { kind: "VERIFY_EMAIL", email: "elsewhere@example.com" };

async function login(of: World, { email, password }: MadeUser) {
  const variables = { input: { ...(await of.system()), email, password } };
  const { errors } = await of.run(LOGIN, { key: null, variables });
  return errors[0]?.extensions.code ?? "OK";
}

async function change(
  of: World,
  { password: currentPassword }: MadeUser,
  session: string,
  password: string,
) {
  const variables = { input: { password, currentPassword } };
  const { errors } = await of.run(ME, { key: session, variables });
  return errors[0]?.extensions.code ?? "OK";
}

/** Asks for another address. @returns Besides the code what was sent. */
async function move(of: World, { password: currentPassword }: MadeUser, session: string) {
  const variables = { input: { email: VERIFYING.email, currentPassword } };
  const { errors } = await of.run(ME, { key: session, variables });
  return [errors[0]?.extensions.code ?? "OK", ...of.messages];
}

describe("A login", () => {
  it("succeeds where nothing happens while its password is looked at", async () => {
    const world = await aWorld();
    expect(await login(world, await world.user())).toBe("OK");
  });

  it("is refused where its password is changed meanwhile", async () => {
    const world = await aWorld();
    const user = await world.user();
    const session = await world.login(user);
    meanwhile.happens = () => change(world, user, session, CHANGED);
    expect(await login(world, user)).toBe("UNAUTHENTICATED");
    expect(await login(world, { ...user, password: CHANGED })).toBe("OK");
  });

  it("is refused where its user is deleted meanwhile", async () => {
    const world = await aWorld();
    const user = await world.user();
    meanwhile.happens = () => world.ask(DELETE, { variables: { id: user.id } });
    expect(await login(world, user)).toBe("UNAUTHENTICATED");
  });

  it("by a password that was changed meanwhile changes it as little", async () => {
    const world = await aWorld();
    const user = await world.user();
    // A change from another session would end this one.
    const session = await world.login(user);
    meanwhile.happens = () => change(world, user, session, CHANGED);
    expect(await change(world, user, session, "a third long phrase")).toBe("CONFLICT");
    expect(await login(world, { ...user, password: CHANGED })).toBe("OK");
  });

  it("by a password that was changed meanwhile asks for no other address", async () => {
    const world = await aWorld();
    const user = await world.user();
    const session = await world.login(user);
    meanwhile.happens = () => change(world, user, session, CHANGED);
    expect(await move(world, user, session)).toEqual(["CONFLICT"]);
    expect(await move(world, { ...user, password: CHANGED }, session)).toMatchObject([
      "OK",
      VERIFYING,
    ]);
  });
});

it("A crowd that logs in at once is let in by turns, so that the machine is there for others", async () => {
  const world = await aWorld();
  const users: MadeUser[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let made = 0; made < 12; made += 1) users.push(await world.user());
  await world.system();
  meanwhile.most = 0;
  expect(await Promise.all(users.map((user) => login(world, user)))).toEqual(users.map(() => "OK"));

  expect(meanwhile.most).toBeGreaterThan(0);
  expect(meanwhile.most).toBeLessThanOrEqual(HASHING.atOnce);
});
