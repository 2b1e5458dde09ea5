import type { Question, Variable } from "./grammar.ts";
import type { Random } from "./random.ts";

/** What is asked of a user. When it was last used is written after an answer, and may be in the next or not. */
export const ABOUT_SESSION = "id status isCurrent createdAt expiresAt endedAt ip";
export const ABOUT_USER =
  `id firstName lastName organization email emailVerified attributes roleNames
  roles { name } serviceAccount issuer createdAt createdBy updatedAt updatedBy
  sessions { totalCount nodes { ${ABOUT_SESSION} } }`.replaceAll(/\s+/g, " ");

/** Users and sessions that there are in one of the twins at least, or in none. */
export const OF_USERS: readonly (readonly [string, string])[] = [
  ...["ada", "other 0", "other 1", "other 2", "gwen", "outside 0", "outside 1", "nobody"].map(
    (name) => [`user ${name}`, "user"] as const,
  ),
  ["session ada", "session"],
  ...["0 0", "0 2", "1 0", "2 0"].map((name) => [`session other ${name}`, "session"] as const),
];

const ADDRESSES = ["ada", "bob", "cleo", "dan", "nobody"].map((name) => `${name}@example.com`);

const plain = (field: string): Question => ({ field: () => field, variables: {} });

/** Asks for users and sessions. */
export function users(drawn: Random): Question {
  const [name] = drawn.pick(OF_USERS.filter(([, kind]) => kind === "user"));
  const id: Variable = { type: "ID!", value: (of) => of(name, "user") };
  const ofOne = (field: (id: string) => string): Question => ({
    field: (variable) => field(variable("id")),
    variables: { id },
  });
  return drawn.pick([
    ofOne((one) => `user(id: ${one}) { ${ABOUT_USER} }`),
    ofOne((one) => `sessions(userId: ${one}) { totalCount nodes { ${ABOUT_SESSION} } }`),
    ofOne((one) =>
      `explainAccess(subject: {userId: ${one}}, object: {permission: "row::get"})
        { allowed steps { name role { name } } }`.replaceAll(/\s+/g, " "),
    ),
    plain(`users { totalCount nodes { ${ABOUT_USER} } pageInfo { hasNextPage endCursor } }`),
    plain(`users(first: 1) { edges { cursor node { ${ABOUT_USER} } } pageInfo { hasNextPage } }`),
    plain(`users(email: "${drawn.pick(ADDRESSES)}") { totalCount nodes { id } }`),
    plain(`sessions(status: ACTIVE) { totalCount nodes { ${ABOUT_SESSION} user { id } } }`),
    plain(`viewer { kind id name user { ${ABOUT_USER} } }`),
    plain("tenant { id userAttributes { name } openRegistration }"),
  ]);
}

const call = (name: string, selection: string, input: Variable["value"]): Question => ({
  field: (variable) => `${name}(input: ${variable("input")}) { ${selection} }`,
  variables: {
    input: { type: `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`, value: input },
  },
});

/** Writes to a user, mostly to another than the one that asks, or ends a session of another. */
export function writeUser(drawn: Random): Question {
  const [user] = drawn.pick(OF_USERS.filter(([, kind]) => kind === "user"));
  const [session] = drawn.pick(OF_USERS.slice(-4));
  const email = drawn.pick(ADDRESSES);
  const values = drawn.pick<object>([{ hue: "blue" }, { team: "red" }, { hue: null }, { x: 1 }]);
  const firstName = drawn.pick(["Ada", "Augusta"]);
  const about = `user { ${ABOUT_USER} }`;
  return drawn.pick([
    call("updateMe", about, () => ({ firstName })),
    call("updateMe", about, () => ({ attributes: values })),
    call("updateUser", about, (id) => ({ id: id(user, "user"), lastName: "L" })),
    call("updateUser", about, (id) => ({ id: id(user, "user"), attributes: values })),
    call("updateUser", about, (id) => ({ id: id(user, "user"), email })),
    call("registerUser", "user { id }", () => ({ email })),
    call("deleteUser", "id", (id) => ({ id: id("user other 0", "user") })),
    call("assignRoles", about, (id) => ({
      userId: id(user, "user"),
      roleIds: [id("role helper", "role")],
    })),
    call("createSession", "session { id }", (id) => ({ userId: id(user, "user") })),
    call("endSession", `session { ${ABOUT_SESSION} }`, (id) => ({ id: id(session, "session") })),
    call("logout", "endedSessions", (id) => ({ sessionId: id(session, "session") })),
  ]);
}
