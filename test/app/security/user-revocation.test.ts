import { afterAll, test } from "vitest";
import { type Answer, aWorld, type MadeUser, type World } from "../../support/world.ts";
import {
  aRole,
  type Ending,
  expectRefused,
  mutate,
  NO_RIGHT,
  type Scene,
  UNKNOWN,
} from "./refused-under-load.ts";

const { database } = await aWorld();
afterAll(() => database.close());

/** A user with two sessions, one of which asks. */
interface Asker {
  readonly world: World;
  readonly user: MadeUser;
  readonly role: string;
  readonly session: string;
  readonly sessionId: string;
  /** Another session of the user. */
  readonly other: string;
}

type End = (asker: Asker) => Promise<Answer>;

/** A mutation by the administrator, or by another session of the user. */
const by =
  (
    field: string,
    inputOf: (asker: Asker) => object,
    who: (asker: Asker) => string = ({ world }) => world.admin,
  ): End =>
  (asker) =>
    mutate(asker.world, field, inputOf(asker), { key: who(asker) });

const another = ({ other }: Asker) => other;

/** Ways to take from a user what it may, and what it then hears. */
const ENDS: Readonly<Record<string, readonly [End, readonly string[]]>> = {
  "its session was ended": [by("endSession", ({ sessionId }) => ({ id: sessionId })), UNKNOWN],
  "it logged out": [
    by(
      "logout",
      () => ({}),
      ({ session }) => session,
    ),
    UNKNOWN,
  ],
  "it logged out everywhere": [by("logout", () => ({ everywhere: true }), another), UNKNOWN],
  "it changed its password elsewhere": [
    by(
      "updateMe",
      ({ user }) => ({ password: "quite another phrase", currentPassword: user.password }),
      another,
    ),
    UNKNOWN,
  ],
  "its password was reset": [resetPassword, UNKNOWN],
  "it was deleted": [by("deleteUser", ({ user }) => ({ id: user.id })), UNKNOWN],
  "its roles were unassigned": [
    by("assignRoles", ({ user }) => ({ userId: user.id, roleIds: [] })),
    NO_RIGHT,
  ],
  "its role was deleted": [by("deleteRole", ({ role }) => ({ id: role })), NO_RIGHT],
};

async function resetPassword({ world, user }: Asker): Promise<Answer> {
  const door = await world.system();
  await world.ask(
    `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`,
    { key: null, variables: { input: { ...door, email: user.email } } },
  );
  const token = world.messages.findLast(({ userId }) => userId === user.id)?.token;
  const input = { ...door, token, password: "quite another phrase" };
  return await mutate(world, "resetPassword", input, { key: null });
}

async function anAsker(scene: Scene): Promise<Asker> {
  const { world } = scene;
  const role = await aRole(scene);
  const user = await world.user({ roles: [role] });
  const [session, other] = [await world.login(user), await world.login(user)];
  const { viewer } = await world.ask<{
    viewer: { user: { sessions: { nodes: { id: string; isCurrent: boolean }[] } } };
  }>("{ viewer { user { sessions { nodes { id isCurrent } } } } }", { key: session });
  const sessionId = viewer.user.sessions.nodes.find(({ isCurrent }) => isCurrent)?.id ?? "";
  return { world, user, role, session, sessionId, other };
}

test.each(Object.entries(ENDS))(
  "of the requests of a user that begin after it was acknowledged that %s, none is allowed",
  async (_how, [end, expected]) => {
    const aRound = async (scene: Scene): Promise<Ending> => {
      const asker = await anAsker(scene);
      return { asking: { key: asker.session }, end: () => end(asker) };
    };
    await expectRefused({ aRound, expected, rounds: 5 });
  },
);
