import type { MadeUser, World as Tenant } from "../support/world.ts";
import { at, callEach } from "./call-each.ts";
import { provider } from "./stage-jwts.ts";
import type { Presented } from "./stage-tokens.ts";
import type { Caller, User, World } from "./model.ts";

/** A user of the world, and of the product. */
interface Registered {
  readonly caller: Caller;
  readonly user: User;
  readonly made: MadeUser;
  /** How one asks who needs no session: by a JWT. */
  readonly presented?: Presented;
}

const PASSWORD = "a long enough phrase";

/**
 * Registers the users of a world, before row filters name their attributes.
 *
 * @returns Them, and the world with the ids that they got wherever texts stood in their places.
 */
export async function makeUsers(
  tenant: Tenant,
  drawn: World,
): Promise<{ readonly world: World; readonly users: readonly Registered[] }> {
  const { attributes = [] } = drawn;
  const input = { attributes };
  await callEach(tenant, { field: "setUserAttributes", selection: "tenant { id }" }, [input]);
  const asked = drawn.callers.flatMap((caller) =>
    caller.user ? [{ caller, user: caller.user }] : [],
  );
  const byJwt = await provider(tenant, drawn);
  const known = async (user: User) =>
    user.jwt ? await byJwt(user, user.jwt) : { made: await register(tenant, user) };
  const users: Registered[] = [];
  for (const { caller, user } of asked) {
    // One after the other: the ids of users are in the order of the world.
    // oxlint-disable-next-line no-await-in-loop
    users.push({ caller, user, ...(await known(user)) });
  }
  const ids = new Map(users.map(({ user, made }) => [user.id, made.id]));
  return { world: withIds(drawn, ids), users };
}

/** Only what is registered by whoever may grant anything counts as verified from the beginning. */
async function register(tenant: Tenant, { email, address, attributes, isService }: User) {
  const asserting = address === "ASSERTED";
  const key = asserting
    ? tenant.admin
    : await tenant.key({ roles: [{ permissions: ["user::register"] }] });
  const by: Pick<Tenant, "ask"> = { ask: (query, asking) => tenant.ask(query, { key, ...asking }) };
  const input = { email, password: PASSWORD, attributes, serviceAccount: isService };
  const [made] = await callEach<{ user: { id: string } }>(
    by,
    { field: "registerUser", selection: "user { id }" },
    [input],
  );
  if (address === "PROVED") await verify(tenant, email);
  return { id: made?.user.id ?? "", email, password: PASSWORD };
}

/** Presents what was sent to the address. */
async function verify(tenant: Tenant, email: string): Promise<void> {
  const sent = tenant.messages.findLast((message) => message.email === email);
  const input = { ...(await tenant.system()), token: sent?.token, password: PASSWORD };
  await tenant.ask(`mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`, {
    key: null,
    variables: { input },
  });
}

/**
 * Gives users their roles, and begins a session of each that has no JWT: those of people by a login.
 *
 * @param roles The product's ids of roles by name.
 * @returns How they are presented, by the names of the callers.
 */
export async function beginSessions(
  tenant: Tenant,
  users: readonly Registered[],
  roles: ReadonlyMap<string, string>,
): Promise<Map<string, Presented>> {
  await callEach(
    tenant,
    { field: "assignRoles", selection: "user { id }" },
    users.map(({ caller, user, made }) => ({
      userId: made.id,
      roleIds: (user.jwt?.ofUser ?? caller.roles)
        .filter((role) => role !== "authenticated")
        .map((role) => roles.get(role)),
    })),
  );
  const services = users.filter(({ user }) => user.isService);
  const begun = await callEach<{ sessionToken: string }>(
    tenant,
    { field: "createSession", selection: "sessionToken" },
    services.map(({ made }) => ({ userId: made.id })),
  );
  const sessions = new Map<string, Presented>(
    services.map(({ caller }, index) => [caller.name, { key: at(begun, index).sessionToken }]),
  );
  for (const { caller, user, made, presented } of users) {
    if (presented) sessions.set(caller.name, presented);
    // oxlint-disable-next-line no-await-in-loop
    else if (!user.isService) sessions.set(caller.name, { key: await tenant.login(made) });
  }
  return sessions;
}

/** The same world with other texts in the place of some. */
function withIds(world: World, ids: ReadonlyMap<string, string>): World {
  const text = JSON.stringify(world, (_name, value: unknown) =>
    typeof value === "string" ? (ids.get(value) ?? value) : value,
  );
  return JSON.parse(text) as World;
}
