import { beforeAll, describe, expect, it } from "vitest";
import { aWorld, type World } from "../../support/world.ts";
import { eventsOf } from "../event/log.ts";

const VIEWER = "{ viewer { kind id } }";
const LOGOUT = `mutation ($input: LogoutInput) { logout(input: $input) { endedSessions } }`;
const END = `mutation ($id: ID!) { endSession(input: { id: $id }) { session { id status } } }`;
const OWN = `{ viewer { user { sessions { nodes { id status isCurrent ip user { id } } } } } }`;

interface Shown {
  id: string;
  status: string;
  isCurrent: boolean;
}

let world: World;

beforeAll(async () => {
  world = await aWorld();
});

async function statusOf(session: string, of = world) {
  return (await of.run(VIEWER, { key: session })).status;
}

async function ownSessions(session: string): Promise<Shown[]> {
  const { viewer } = await world.ask<{ viewer: { user: { sessions: { nodes: Shown[] } } } }>(OWN, {
    key: session,
  });
  return viewer.user.sessions.nodes;
}

describe("A session", () => {
  it("is ended by its user, who is answered, and refused from then on", async () => {
    const user = await world.user();
    const [one, other] = [await world.login(user), await world.login(user)];

    expect(await world.ask(LOGOUT, { key: one })).toEqual({ logout: { endedSessions: 1 } });
    expect([await statusOf(one), await statusOf(other)]).toEqual([401, 200]);
  });

  it("is ended together with all others of its user, and no other user's", async () => {
    const [user, other] = [await world.user(), await world.user()];
    const sessions = [await world.login(user), await world.login(user)];
    const others = await world.login(other);
    const { logout } = await world.ask<{ logout: object }>(LOGOUT, {
      key: sessions[0] ?? null,
      variables: { input: { everywhere: true } },
    });

    expect(logout).toEqual({ endedSessions: 2 });
    expect(await Promise.all([...sessions, others].map((each) => statusOf(each)))).toEqual([
      401, 401, 200,
    ]);
  });

  it("lists its user's sessions, of which it ends another", async () => {
    const user = await world.user();
    const [one, other] = [await world.login(user), await world.login(user)];
    const shown = await ownSessions(one);
    const another = shown.find(({ isCurrent }) => !isCurrent)?.id;
    await world.ask(LOGOUT, { key: one, variables: { input: { sessionId: another } } });

    expect(shown.map(({ status, isCurrent }) => [status, isCurrent])).toEqual([
      ["ACTIVE", true],
      ["ACTIVE", false],
    ]);
    expect([await statusOf(one), await statusOf(other)]).toEqual([200, 401]);
    expect((await ownSessions(one)).map(({ status }) => status)).toEqual(["ACTIVE", "ENDED"]);
  });

  it("neither shows nor ends those of others, as if they had never been", async () => {
    const [user, other] = [await world.user(), await world.user()];
    const [mine, theirs] = [await world.login(user), await world.login(other)];
    const id = (await ownSessions(theirs))[0]?.id ?? "";
    const nobodys = `session_${"0".repeat(32)}`;
    const ended = async (sessionId: string) =>
      (await world.run(LOGOUT, { key: mine, variables: { input: { sessionId } } })).text;
    const shown = async (node: string) =>
      (
        await world.run(`query ($id: ID!) { node(id: $id) { id } }`, {
          key: mine,
          variables: { id: node },
        })
      ).text;

    expect(await ended(id)).toBe(await ended(nobodys));
    expect(await shown(id)).toBe(await shown(nobodys));
    expect((await world.run(END, { key: mine, variables: { id } })).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "PERMISSION", name: "session::end" } } },
    ]);
    expect(await statusOf(theirs)).toBe(200);
  });

  it("is seen and ended by whoever holds the permissions, and the log says so", async () => {
    const user = await world.user();
    const session = await world.login(user);
    const key = await world.key({
      roles: [{ permissions: ["session::find", "session::end", "node::get"] }],
    });
    const { sessions } = await world.ask<{ sessions: { nodes: Shown[]; totalCount: number } }>(
      `query ($id: ID!) { sessions(userId: $id, status: ACTIVE) { nodes { id user { id } } totalCount } }`,
      { key, variables: { id: user.id } },
    );
    const [only] = sessions.nodes;

    expect(sessions.totalCount).toBe(1);
    expect(await world.ask(END, { key, variables: { id: only?.id } })).toEqual({
      endSession: { session: { id: only?.id, status: "ENDED" } },
    });
    expect(await statusOf(session)).toBe(401);
    expect(await eventsOf(world, { name: "session::end", outcome: "ALLOWED" })).toMatchObject([
      { outcome: "ALLOWED", target: only?.id },
    ]);
    expect((await eventsOf(world, { name: "system::authenticate" }))[0]).toMatchObject({
      outcome: "FAILED",
      target: only?.id,
      reason: "REVOKED",
    });
  });

  it("acts by what its user has at each request", async () => {
    const role = await world.role({ permissions: ["key::find"] });
    const user = await world.user();
    const session = await world.login(user);
    const assign = (roleIds: string[]) =>
      world.ask(
        `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`,
        {
          variables: { input: { userId: user.id, roleIds } },
        },
      );
    const codes = async () =>
      (await world.run("{ keys { totalCount } }", { key: session })).errors.map(
        ({ extensions }) => extensions.code,
      );

    expect(await codes()).toEqual(["FORBIDDEN"]);
    await assign([role]);
    expect(await codes()).toEqual([]);
    await assign([]);
    expect(await codes()).toEqual(["FORBIDDEN"]);
  });

  it("is refused once its user is deleted, who can register again", async () => {
    const user = await world.user();
    const session = await world.login(user);
    await world.ask(`mutation ($id: ID!) { deleteUser(input: { id: $id }) { id } }`, {
      variables: { id: user.id },
    });
    expect(await statusOf(session)).toBe(401);
    const again = await world.user({ email: user.email });
    expect(again.id).not.toBe(user.id);
    expect(await statusOf(await world.login(again))).toBe(200);
  });

  it("narrows itself to some of its user's roles, built-in ones included", async () => {
    const role = await world.role({ name: "narrow_me", permissions: ["key::find"] });
    const user = await world.user({ roles: [role] });
    const session = await world.login(user);
    const rolesAs = async (names: string) => {
      const { data } = await world.run<{ viewer: { roles: string[] } | null }>(
        "{ viewer { roles } }",
        { key: session, headers: { "x-fieldgate-roles": names } },
      );
      return data?.viewer?.roles ?? null;
    };

    expect(await rolesAs("authenticated,narrow_me")).toEqual(["authenticated", "narrow_me"]);
    expect(await rolesAs("authenticated")).toEqual(["authenticated"]);
    expect(await rolesAs("authenticated,administrator")).toBeNull();
  });
});

describe("A service account", () => {
  const CREATE = `mutation ($input: CreateSessionInput!) {
    createSession(input: $input) { sessionToken session { id expiresAt } }
  }`;

  it("has sessions that do not expire, which whoever holds as much begins", async () => {
    const own = await aWorld();
    const role = await own.role({ permissions: ["key::find"] });
    const robot = await own.user({ serviceAccount: true, roles: [role] });
    const maker = await own.key({ roles: [role, { permissions: ["session::create"] }] });
    const poor = await own.key({ roles: [{ permissions: ["session::create"] }] });
    const input = { userId: robot.id };
    const { createSession } = await own.ask<{
      createSession: { sessionToken: string };
    }>(CREATE, { key: maker, variables: { input } });
    own.wait(400 * 24 * 60 * 60);

    expect(await statusOf(createSession.sessionToken, own)).toBe(200);
    expect((await own.run(CREATE, { key: poor, variables: { input } })).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { name: "key::find" } } },
    ]);
  });

  it("is not a person: nobody begins a session of one", async () => {
    const user = await world.user();
    const { errors } = await world.run(CREATE, { variables: { input: { userId: user.id } } });
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});
