import { afterAll, test } from "vitest";
import { aWorld } from "../../support/world.ts";
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

/** The ids of a key, of its only role, and of its token. */
interface Ids {
  readonly key: string;
  readonly role: string;
  readonly token: string;
}

type End = readonly [field: string, inputOf: (ids: Ids) => object, expected: readonly string[]];

/** Ways to take from a key what it may, and what it and its tokens then hear. */
const ENDS: Readonly<Record<string, End>> = {
  "its key is revoked": ["revokeKey", ({ key }) => ({ id: key }), UNKNOWN],
  "its role is taken from its key": ["deleteRole", ({ role }) => ({ id: role }), NO_RIGHT],
  "the role of its key may nothing any more": [
    "updateRole",
    ({ role }) => ({ id: role, permissions: [] }),
    NO_RIGHT,
  ],
};

const OF_TOKENS: Readonly<Record<string, End>> = {
  "it is revoked": ["revokeAccessToken", ({ token }) => ({ id: token }), UNKNOWN],
  ...ENDS,
};

const OF_KEYS: Readonly<Record<string, End>> = {
  "it is given another secret": ["rollKey", ({ key }) => ({ id: key, overlapSeconds: 0 }), UNKNOWN],
  ...ENDS,
};

async function aKey(scene: Scene) {
  const role = await aRole(scene, ["access_token::create"]);
  return { role, ...(await scene.world.keyWithId({ roles: [role] })) };
}

test.each(Object.entries(OF_TOKENS))(
  "of the requests by a token that begin after it was acknowledged that %s, none is allowed",
  async (_how, [field, inputOf, expected]) => {
    const aRound = async (scene: Scene): Promise<Ending> => {
      const { world } = scene;
      const { role, id: key, secret } = await aKey(scene);
      const { id: token, asking } = await world.token({ key: secret });
      return { asking, end: () => mutate(world, field, inputOf({ key, role, token })) };
    };
    await expectRefused({ aRound, expected, rounds: 25 });
  },
);

test.each(Object.entries(OF_KEYS))(
  "of the requests by a key that begin after it was acknowledged that %s, none is allowed",
  async (_how, [field, inputOf, expected]) => {
    const aRound = async (scene: Scene): Promise<Ending> => {
      const { role, id: key, secret } = await aKey(scene);
      const end = () => mutate(scene.world, field, inputOf({ key, role, token: "" }));
      return { asking: { key: secret }, end };
    };
    await expectRefused({ aRound, expected, rounds: 10 });
  },
);
