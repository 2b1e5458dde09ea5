/**
 * Two tenants have the same user, who asks, and other users, of whom one of them has one more: with other addresses,
 * attributes, roles and sessions. What the user, a clerk and strangers at the front door hear has to be the same to the
 * byte.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "../../support/database.ts";
import type { Document } from "./twins/client.ts";
import { ABOUT_SESSION, ABOUT_USER, OF_USERS } from "./twins/of-users.ts";
import { aPair, askTwin, idIn, plain, type Twin, type Twins, type Who } from "./twins/twins.ts";
import { ADDRESS, PASSWORD } from "./twins/users.ts";

const database = await testDatabase();
afterAll(() => database.close());

/** With one user more in the second of them, and with as many in both. */
let unequal: Twins;
let equal: Twins;

beforeAll(async () => {
  unequal = await aPair(database, 11);
  equal = await aPair(database, 12, { isMore: false });
});

type DocumentOf = (twin: Twin) => Document;

/** What both twins say to somebody. */
async function said(twins: Twins, who: Who, documents: readonly DocumentOf[]) {
  const [one, other] = twins.pair;
  const answers: [string[], string[]] = [[], []];
  for (const documentFor of documents) {
    for (const [place, twin] of [one, other].entries()) {
      const sent = await askTwin(twins, twin, [who, null], documentFor(twin));
      answers[place as 0 | 1].push(plain(sent, twin));
    }
  }
  return answers;
}

const fixed =
  (query: string): DocumentOf =>
  () => ({ query, variables: {} });

/** All that one twin said, without the signs before quotes within quotes. */
const inOne = (answers: readonly string[]) => answers.join().replaceAll("\\", "");

/** Of each user and session that there is in one of the twins. */
const ofEach = (query: string): DocumentOf[] =>
  OF_USERS.map(([name, kind]) => (twin) => ({ query, variables: { id: idIn(twin, name, kind) } }));

const ASKING: readonly DocumentOf[] = [
  fixed(`{ users { totalCount nodes { ${ABOUT_USER} } } }`),
  fixed(`{ users(first: 1) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`),
  fixed(`{ users(email: "bob@example.com") { totalCount } }`),
  fixed(`{ users(email: "${ADDRESS}") { totalCount } }`),
  fixed(`{ sessions { totalCount nodes { ${ABOUT_SESSION} } } }`),
  fixed(`{ viewer { kind id name permissions user { ${ABOUT_USER} } } }`),
  fixed(`{ keys { totalCount } accessTokens { totalCount } events { totalCount } }`),
  ...ofEach(`query ($id: ID!) { user(id: $id) { ${ABOUT_USER} } }`),
  ...ofEach(`query ($id: ID!) { sessions(userId: $id) { totalCount } }`),
  ...ofEach(`query ($id: ID!) { nodes(ids: [$id]) { __typename id
    ... on User { ${ABOUT_USER} } ... on Session { ${ABOUT_SESSION} user { id } } } }`),
  ...ofEach(`query ($id: ID!) { explainAccess(subject: {userId: $id}, object: {permission: "row::get"})
    { allowed steps { name roleName } } }`),
];

const WRITING: readonly DocumentOf[] = [
  ...ofEach(`mutation ($id: ID!) { updateUser(input: {id: $id, firstName: "x"}) {
    user { ${ABOUT_USER} } } }`),
  ...ofEach(`mutation ($id: ID!) { updateUser(input: {id: $id, email: "cleo@example.com"}) {
    user { id } } }`),
  ...ofEach(`mutation ($id: ID!) { updateUser(input: {id: $id, attributes: {hue: "x"}}) {
    user { attributes } } }`),
  ...ofEach(
    `mutation ($id: ID!) { assignRoles(input: {userId: $id, roleIds: []}) { user { id } } }`,
  ),
  ...ofEach(`mutation ($id: ID!) { createSession(input: {userId: $id}) { session { id } } }`),
  ...ofEach(`mutation ($id: ID!) { deleteUser(input: {id: $id}) { id } }`),
  ...OF_USERS.filter(([name]) => name !== "session ada").flatMap(([name, kind]): DocumentOf[] =>
    [
      "endSession(input: {id: $id}) { session { id } }",
      "logout(input: {sessionId: $id}) { endedSessions }",
    ].map((field) => (twin) => ({
      query: `mutation ($id: ID!) { ${field} }`,
      variables: { id: idIn(twin, name, kind) },
    })),
  ),
  fixed(`mutation { updateMe(input: {attributes: {hue: "x"}}) { user { id } } }`),
  fixed(`mutation { updateMe(input: {attributes: {team: "x"}}) { user { id } } }`),
  // Whose address it is, is told to whoever reads what is sent there.
  ...["bob@example.com", "nobody@example.com"].map((email) =>
    fixed(`mutation { updateMe(input: {email: "${email}", currentPassword: "${PASSWORD}"}) {
      user { email emailVerified } } }`),
  ),
];

describe("twins tell the same", () => {
  test("to a user, of other users and their sessions, whatever it asks", async () => {
    const [one, other] = await said(unequal, "user", ASKING);
    expect(other).toStrictEqual(one);
    expect(inOne(one)).toContain(`"email":"${ADDRESS}","emailVerified":false`);
    expect(inOne(one)).not.toMatch(/bob@|cleo@|"totalCount":[2-9]/);
  });

  test("to whoever knows users by their names, of their addresses, attributes, roles and sessions", async () => {
    const [one, other] = await said(equal, "clerk", ASKING);
    expect(other).toStrictEqual(one);
    expect(inOne(one)).toContain('"firstName":"other 1"');
    expect(inOne(one)).not.toMatch(/@example|"totalCount":[6-9]/);
  });

  test("to nobody else: an administrator hears of everything", async () => {
    for (const twins of [equal, unequal]) {
      const [one, other] = await said(twins, "administrator", ASKING);
      expect(other).not.toStrictEqual(one);
    }
    const [one, other] = await said(unequal, "clerk", ASKING);
    expect(other).not.toStrictEqual(one);
  });

  test("to whoever writes to users and sessions that it may not write to", async () => {
    const [one, other] = await said(unequal, "user", WRITING);
    expect(other).toStrictEqual(one);
    const [ofOne, ofOther] = await said(equal, "clerk", WRITING);
    expect(ofOther).toStrictEqual(ofOne);
    expect(inOne(ofOne)).toContain('"firstName":"x"');
    expect(inOne(one)).not.toContain('"firstName":"x"');
    expect(one.filter((text) => text.includes("FORBIDDEN")).length).toBeGreaterThan(50);
  });
});

/** What strangers try with an address. */
const AT_THE_DOOR: Readonly<Record<string, (email: string) => object>> = {
  login: (email) => ({ email, password: "another long phrase" }),
  requestPasswordReset: (email) => ({ email }),
  requestEmailVerification: (email) => ({ email }),
  registerUser: (email) => ({ email, password: PASSWORD }),
};

const SELECTED: Readonly<Record<string, string>> = {
  login: "userId",
  registerUser: "user { id }",
};

const TYPES: Readonly<Record<string, string>> = {
  requestPasswordReset: "RequestTokenInput",
  requestEmailVerification: "RequestTokenInput",
};

describe.each(["closed", "open"])("at a front door whose registration is %s", (how) => {
  beforeAll(async () => {
    const query = `mutation { updateTenant(input: {openRegistration: ${how === "open"}}) { tenant { id } } }`;
    for (const twin of unequal.pair) {
      await unequal.client.ask(twin.keys.administrator, { query, variables: {} });
    }
  });

  test.each(Object.entries(AT_THE_DOOR))(
    "twins tell the same to a stranger who tries %s with an address",
    async (field, inputOf) => {
      const type = TYPES[field] ?? `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${SELECTED[field] ?? "done"} } }`;
      for (const email of ["bob@example.com", "dan@example.com", "nobody@example.com"]) {
        const answers: string[] = [];
        for (const twin of unequal.pair) {
          const variables = { input: { ...twin.door, ...inputOf(email) } };
          const sent = await unequal.client.send({ key: null, roles: null }, { query, variables });
          answers.push(plain(sent, twin));
        }
        expect(answers[1]).toBe(answers[0]);
        expect(answers[0]).not.toContain("BAD_USER_INPUT");
      }
    },
  );
});
