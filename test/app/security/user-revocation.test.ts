import { afterAll, expect, test } from "vitest";
import { draws } from "../../support/draws.ts";
import { type Answer, aWorld, type MadeUser, type World } from "../../support/world.ts";
import { endedUnderLoad, inWords, type Loaded, nothingTried } from "./under-load.ts";

const { database } = await aWorld();
afterAll(() => database.close());

const READ = `query ($id: ID!) { dataset(id: $id) { rowCount } }`;
const WRITE = `mutation ($id: ID!) {
  createRows(input: { datasetId: $id, rows: [{ name: "x" }] }) { count } }`;

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
  (asker) => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    return asker.world.run(
      `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`,
      { key: who(asker), variables: { input: inputOf(asker) } },
    );
  };

const another = ({ other }: Asker) => other;

const UNKNOWN = ["UNAUTHENTICATED"];
const NO_RIGHT = ["FORBIDDEN", "nothing"];

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
  return await world.run(
    `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done } }`,
    { key: null, variables: { input: { ...door, token, password: "quite another phrase" } } },
  );
}

async function anAsker(world: World, datasetId: string): Promise<Asker> {
  const role = await world.role({
    permissions: ["dataset::get", "row::get", "row::create"],
    grants: [{ datasetId, read: "ALLOW", create: "ALLOW" }],
  });
  const user = await world.user({ roles: [role] });
  const [session, other] = [await world.login(user), await world.login(user)];
  const { viewer } = await world.ask<{
    viewer: { user: { sessions: { nodes: { id: string; isCurrent: boolean }[] } } };
  }>("{ viewer { user { sessions { nodes { id isCurrent } } } } }", { key: session });
  const sessionId = viewer.user.sessions.nodes.find(({ isCurrent }) => isCurrent)?.id ?? "";
  return { world, user, role, session, sessionId, other };
}

/** Asks by turns through two APIs that share nothing but the database. */
function loadedBy(apis: readonly [World, World], asker: Asker, id: string): Omit<Loaded, "end"> {
  let turn = 0;
  const ask = async (isWriting: boolean) => {
    const asking = { key: asker.session, variables: { id } };
    const api = apis[(turn += 1) % 2 === 0 ? 0 : 1];
    const { data, errors } = await api.run(isWriting ? WRITE : READ, asking);
    const found = data?.["dataset"] ?? data?.["createRows"];
    return errors[0]?.extensions.code ?? (found ? "OK" : "nothing");
  };
  const rows = async () => {
    const { dataset } = await asker.world.ask<{ dataset: { rowCount: number } }>(READ, {
      variables: { id },
    });
    return dataset.rowCount;
  };
  return { ask, rows };
}

test.each(Object.entries(ENDS))(
  "of the requests of a user that begin after it was acknowledged that %s, none is allowed",
  async (_how, [end, expected]) => {
    const world = await aWorld();
    const apis = [world, await aWorld()] as const;
    const { id } = await world.dataset({ columns: [{ name: "name", type: "TEXT" }] });
    const tried = nothingTried();
    for (let round = draws(world.database.kind === "PGlite" ? 2 : 5); round > 0; round -= 1) {
      const asker = await anAsker(world, id);
      const loaded = { ...loadedBy(apis, asker, id), end: () => end(asker) };
      const { errors, outcomes, late } = await endedUnderLoad(loaded, tried);
      // Whoever ended itself may be told so in the place of an answer.
      expect(errors.filter(({ extensions }) => extensions.code !== "UNAUTHENTICATED")).toEqual([]);
      for (const outcome of outcomes) expect(expected).toContain(outcome);
      expect(late).toBe(0);
    }
    process.stdout.write(`${inWords(tried)}\n`);
    expect(tried.allowed).toBe(0);
    expect(tried.before).toBeGreaterThan(0);
    expect(tried.after).toBeGreaterThan(0);
  },
);
