/** How many passwords of one account are looked at or set in a while, however they are tried. */
import { expect, it, vi } from "vitest";
import type * as Passwords from "../../../src/identity/secret/password.ts";
import { aWorld, type World } from "../../support/world.ts";

/** How many passwords were looked at, and were set. */
const counted = vi.hoisted(() => ({ lookedAt: 0, set: 0 }));

vi.mock("../../../src/identity/secret/password.ts", async (original) => {
  const passwords = await original<typeof Passwords>();
  return {
    ...passwords,
    isPassword: async (password: string, stored: string | null) => {
      counted.lookedAt += 1;
      return await passwords.isPassword(password, stored);
    },
    hashPassword: async (password: string) => {
      counted.set += 1;
      return await passwords.hashPassword(password);
    },
  };
});

const MANY = Array.from({ length: 15 }, (_each, place) => place);
const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done } }`;

const atTheDoor = async (world: World, document: string, input: object) => {
  const variables = { input: { ...(await world.system()), ...input } };
  return await world.run(document, { key: null, variables });
};

const lookedAtBy = async (work: () => Promise<unknown>) => {
  counted.lookedAt = 0;
  await work();
  return counted.lookedAt;
};

it("Of ten guesses in 15 minutes the next is not looked at, be it in one document, at once, or by a token of the mail", async () => {
  const world = await aWorld();
  const email = "ada@example.com";
  const registrar = await world.key({ roles: [{ permissions: ["user::register"] }] });
  await world.ask(REGISTER, {
    key: registrar,
    variables: { input: { email, password: "a long enough phrase" } },
  });
  const token = world.messages.at(-1)?.token ?? "";
  const { systemKey, systemSecret } = await world.system();
  const login = `login(input: { systemKey: "${systemKey}", systemSecret: "${systemSecret}", email: "${email}", password: "a wrong long phrase" }) { userId }`;
  const inOneDocument = `mutation { ${[1, 2, 3].map((each) => `a${each}: ${login}`).join(" ")} }`;
  const verify = () => atTheDoor(world, VERIFY, { token, password: "a wrong long phrase" });
  const guessing = async () => {
    await Promise.all([
      ...MANY.slice(0, 3).map(verify),
      ...MANY.slice(0, 2).map(() => world.run(inOneDocument, { key: null })),
    ]);
    await Promise.all(MANY.flatMap(() => [verify(), world.run(inOneDocument, { key: null })]));
  };

  expect(await lookedAtBy(guessing)).toBe(10);
  world.wait(15 * 60 + 1);
  expect(await lookedAtBy(verify)).toBe(1);
});

it("Ten passwords at most are set by one token that comes many times at once, and one of them is the user's", async () => {
  const world = await aWorld();
  const { email } = await world.user();
  await atTheDoor(
    world,
    `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`,
    { email },
  );
  const token = world.messages.at(-1)?.token ?? "";
  counted.set = 0;
  const answers = await Promise.all(
    MANY.map((each) => atTheDoor(world, RESET, { token, password: `a long phrase ${each}` })),
  );
  const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? "OK");

  expect(counted.set).toBeLessThanOrEqual(10);
  expect(codes.filter((code) => code === "OK")).toHaveLength(1);
});
