import { afterAll, beforeAll, test } from "vitest";
import { type Trusting, trusting, viewerOf } from "../../domain/issuer/trusting.ts";
import { ecPair } from "../../identity/jwt/forge.ts";
import { IssuerServer, publishing } from "../../identity/jwt/issuer-server.ts";
import { type Answer, aWorld, type World } from "../../support/world.ts";
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

/** Publishes keys that no JWT here is signed with. */
let elsewhere: IssuerServer;
const providers: Trusting[] = [];
beforeAll(async () => {
  elsewhere = await IssuerServer.start(publishing(ecPair({ kid: "first" }, "P-256").jwk));
});
afterAll(() => Promise.all([elsewhere, ...providers].map((each) => each.stop())));

/** A user by a JWT that claims its only role; of an issuer that nobody else is known by. */
interface Asker {
  readonly world: World;
  readonly userId: string;
  readonly role: string;
  readonly issuerId: string;
}

type End = (asker: Asker) => Promise<Answer>;

/** Changes how the issuer is trusted. */
const trustedWith =
  (inputOf: () => object): End =>
  ({ world, issuerId }) =>
    mutate(world, "updateTrustedIssuer", { id: issuerId, ...inputOf() });

/** How old its JWT is, in seconds. */
const AGE = 90;

/** Ways to take from a user by a JWT what it may, and what it then hears. */
const ENDS: Readonly<Record<string, readonly [End, readonly string[]]>> = {
  "it was deleted": [({ world, userId }) => mutate(world, "deleteUser", { id: userId }), UNKNOWN],
  "its role was deleted": [
    ({ world, role }) => mutate(world, "deleteRole", { id: role }),
    NO_RIGHT,
  ],
  "its issuer is distrusted": [
    ({ world, issuerId }) => mutate(world, "distrustIssuer", { id: issuerId }),
    UNKNOWN,
  ],
  "its issuer says no roles any more": [trustedWith(() => ({ claims: { roles: null } })), NO_RIGHT],
  "its issuer signs otherwise": [trustedWith(() => ({ algorithms: ["RS256"] })), UNKNOWN],
  "its issuer has other keys": [trustedWith(() => ({ jwksUrl: elsewhere.jwksUrl })), UNKNOWN],
  "JWTs of its age are too old": [trustedWith(() => ({ maxTokenAge: AGE - 30 })), UNKNOWN],
};

async function aRoundOf(scene: Scene, end: End): Promise<Ending> {
  const { world } = scene;
  const role = await aRole(scene, ["viewer::get"]);
  const { role: named } = await world.ask<{ role: { name: string } }>(
    "query ($id: ID!) { role(id: $id) { name } }",
    { variables: { id: role } },
  );
  const provider = await trusting(world, { claims: { roles: "roles" } });
  providers.push(provider);
  const iat = Math.floor(Date.now() / 1_000) - AGE;
  const asking = provider.as({ roles: [named.name], iat });
  const { id: userId } = await viewerOf(world, asking);
  return { asking, end: () => end({ world, userId, role, issuerId: provider.id }) };
}

test.each(Object.entries(ENDS))(
  "of the requests by a JWT that begin after it was acknowledged that %s, none is allowed",
  async (_how, [end, expected]) => {
    await expectRefused({ aRound: (scene) => aRoundOf(scene, end), expected, rounds: 5 });
  },
);
