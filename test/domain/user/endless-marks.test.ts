import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Asking, aWorld, type MadeUser, type World } from "../../support/world.ts";

/** So many that ICU sorts them for seconds, during which nobody else is served. */
const MARKS = `a${"\u0301\u0316".repeat(60_000)}`;
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { userId } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }`;
const FIND = `query ($email: String) { users(email: $email) { totalCount } }`;
const FILTER = `query ($id: ID!, $text: Cell!) {
  dataset(id: $id) { rows(filter: { column: "a", in: [$text, "a"] }) { totalCount } } }`;

let world: World;
let user: MadeUser;

beforeAll(async () => {
  world = await aWorld();
  user = await world.user();
  await world.system();
});
afterAll(() => world.database.close());

/** What a request is answered with, and for how many milliseconds it stopped all others. */
async function asked(query: string, asking: Asking) {
  let [longest, last] = [0, performance.now()];
  const look = () => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(look, 5);
  const { data, errors } = await world.run(query, asking);
  clearInterval(timer);
  look();
  return { data, code: errors[0]?.extensions.code ?? "OK", hasStopped: longest > 1_500 };
}

const login = async (input: object) => {
  const variables = { input: { ...(await world.system()), ...input } };
  const { code, hasStopped } = await asked(LOGIN, { key: null, variables });
  return { code, hasStopped };
};

describe("Text of marks without end", () => {
  it("is no password", async () => {
    const { email } = user;
    for (const password of [MARKS, "\uFDFA".repeat(1_000_000)]) {
      // eslint-disable-next-line no-await-in-loop
      expect(await login({ email, password })).toEqual({
        code: "UNAUTHENTICATED",
        hasStopped: false,
      });
    }
  });

  it("is nobody's address, and each try at one is counted", async () => {
    const codes: unknown[] = [];
    for (let tries = 0; tries < 11; tries += 1) {
      // eslint-disable-next-line no-await-in-loop
      codes.push(await login({ email: MARKS, password: user.password }));
    }

    expect(codes).toEqual([
      ...Array.from({ length: 10 }, () => ({ code: "UNAUTHENTICATED", hasStopped: false })),
      { code: "RATE_LIMITED", hasStopped: false },
    ]);
  });

  it("is not the password that a user has now", async () => {
    const input = { password: "quite another phrase", currentPassword: MARKS };
    const key = await world.login(user);

    expect(await asked(UPDATE_ME, { key, variables: { input } })).toMatchObject({
      code: "BAD_USER_INPUT",
      hasStopped: false,
    });
  });

  it("finds nobody", async () => {
    expect(await asked(FIND, { variables: { email: MARKS } })).toEqual({
      data: { users: { totalCount: 0 } },
      code: "OK",
      hasStopped: false,
    });
  });

  it("is no name of a person, nor of a key", async () => {
    const names = { firstName: MARKS, lastName: "\u0301".repeat(31) };
    const input = { name: MARKS, roleIds: [] };

    expect(
      await asked(UPDATE_ME, { key: await world.login(user), variables: { input: names } }),
    ).toMatchObject({ code: "BAD_USER_INPUT", hasStopped: false });
    expect(
      await asked(`mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`, {
        variables: { input },
      }),
    ).toMatchObject({ code: "BAD_USER_INPUT", hasStopped: false });
  });

  it("is no operand of a filter, for anybody", async () => {
    const { id } = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    await world.ask(
      `mutation ($id: ID!) { updateDataset(input: { id: $id, accessLevel: OPEN }) { dataset { id } } }`,
      { variables: { id } },
    );
    const headers = { "x-fieldgate-tenant": world.slug };

    expect(
      await asked(FILTER, { key: null, headers, variables: { id, text: MARKS } }),
    ).toMatchObject({ code: "BAD_USER_INPUT", hasStopped: false });
  });
});
