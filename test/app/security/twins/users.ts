import type { Client } from "./client.ts";

/** What a twin knows of its users: the first is what row filters name. */
const ATTRIBUTES = [
  { name: "team", type: "TEXT" },
  { name: "hue", type: "TEXT" },
];

/** Somebody whom neither a user nor a clerk may know more of than a name. */
interface Other {
  readonly email: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sessions: number;
  /** The names of its roles. */
  readonly roles: readonly string[];
}

/** Others in each of the twins, as many in both; the addresses are what strangers try. */
const OTHERS: readonly (readonly Other[])[] = [
  [
    { email: "bob@example.com", attributes: { team: "red" }, sessions: 0, roles: [] },
    { email: "cleo@example.com", attributes: {}, sessions: 1, roles: ["helper"] },
  ],
  [
    { email: "robert@example.org", attributes: {}, sessions: 3, roles: ["other", "helper"] },
    { email: "cleo@example.org", attributes: { hue: "blue" }, sessions: 0, roles: [] },
  ],
];

/** One more, whom whoever knows nobody does not know either. */
const ONE_MORE: Other = {
  email: "dan@example.com",
  attributes: { team: "blue", hue: "red" },
  sessions: 1,
  roles: ["other"],
};

/** The address of the user that asks. Nobody has proved it: as a variable it has no value. */
export const ADDRESS = "ada@example.com";

export const PASSWORD = "a long enough phrase";

/** Where users are made. */
export interface Registering {
  readonly client: Client;
  readonly admin: string;
  /** A key that registers users, and does not say whose addresses are. */
  readonly registrar: string;
  /** Of what is there, by what it is called; of users and sessions from then on too. */
  readonly ids: Map<string, string>;
}

/** What login presents of a tenant. */
export interface Door {
  readonly systemKey: string;
  readonly systemSecret: string;
}

/** The session of the user that asks, and the door that it came through. */
export interface Users {
  readonly session: string;
  readonly door: Door;
}

/**
 * Makes users in a twin: one that asks, alike in both, and others.
 *
 * @param held The names of the roles of the one that asks.
 * @param isMore Whether there is one more in the second twin.
 */
export async function usersOf(
  making: Registering,
  place: 0 | 1,
  { held, isMore }: { readonly held: readonly string[]; readonly isMore: boolean },
): Promise<Users> {
  const { client, admin, registrar, ids } = making;
  await client.must(admin, "setUserAttributes", { attributes: ATTRIBUTES }, "tenant { id }");
  const { rollSystemSecret: door } = await client.ask<{ rollSystemSecret: Door }>(admin, {
    query: "mutation { rollSystemSecret { systemKey systemSecret } }",
    variables: {},
  });
  await register(making, registrar, "ada", { email: ADDRESS });
  const attributes = { team: "red", hue: "green" };
  await client.must(admin, "updateUser", { id: ids.get("user ada"), attributes }, "user { id }");
  await assign(making, "ada", held);
  const others = [...(OTHERS[place] ?? []), ...(isMore && place === 1 ? [ONE_MORE] : [])];
  for (const [index, other] of others.entries()) await anOther(making, `other ${index}`, other);
  return { session: await login(making, door), door };
}

async function register(
  { client, ids }: Registering,
  by: string,
  name: string,
  more: object,
): Promise<void> {
  const input = { password: PASSWORD, firstName: name, serviceAccount: name !== "ada", ...more };
  const { user } = await client.must<{ user: { id: string } }>(
    by,
    "registerUser",
    input,
    "user { id }",
  );
  ids.set(`user ${name}`, user.id);
}

async function assign({ client, admin, ids }: Registering, name: string, roles: readonly string[]) {
  const roleIds = roles.map((role) => ids.get(`role ${role}`));
  const input = { userId: ids.get(`user ${name}`), roleIds };
  await client.must(admin, "assignRoles", input, "user { id }");
}

async function anOther(
  making: Registering,
  name: string,
  { roles, sessions, ...user }: Other,
): Promise<void> {
  const { client, admin, ids } = making;
  await register(making, admin, name, user);
  await assign(making, name, roles);
  for (let place = 0; place < sessions; place += 1) {
    const { session } = await client.must<{ session: { id: string } }>(
      admin,
      "createSession",
      { userId: ids.get(`user ${name}`) },
      "session { id }",
    );
    ids.set(`session ${name} ${place}`, session.id);
  }
}

async function login({ client, ids }: Registering, door: Door): Promise<string> {
  const input = { ...door, email: ADDRESS, password: PASSWORD };
  const { sessionToken } = await client.must<{ sessionToken: string }>(
    null,
    "login",
    input,
    "sessionToken",
  );
  const { viewer } = await client.ask<{
    viewer: { user: { sessions: { nodes: { id: string }[] } } };
  }>(sessionToken, {
    query: "{ viewer { user { sessions { nodes { id } } } } }",
    variables: {},
  });
  ids.set("session ada", viewer.user.sessions.nodes[0]?.id ?? "");
  return sessionToken;
}
