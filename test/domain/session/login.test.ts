import { beforeAll, describe, expect, it, test } from "vitest";
import { type Answer, aWorld, type MadeUser, type World } from "../../support/world.ts";
import { eventsOf } from "../event/log.ts";
import { testDatabase } from "../../support/database.ts";

const LOGIN = `mutation ($input: LoginInput!) {
  login(input: $input) { sessionToken expiresAt userId deviceToken }
}`;
const VIEWER = "{ viewer { kind id name roles permissions user { id email } } }";

interface LoggedIn {
  login: { sessionToken: string; expiresAt: string | null; userId: string; deviceToken: string };
}

let world: World;
let ada: MadeUser;

beforeAll(async () => {
  world = await aWorld();
  ada = await world.user({ firstName: "Ada", lastName: "Lovelace" });
});

/** Logs in with what is given, and otherwise rightly. */
async function login(of: World, input: Record<string, unknown>, headers = {}, ip = "192.0.2.1") {
  const variables = { input: { ...(await of.system()), ...input } };
  return await of.run<LoggedIn>(LOGIN, { key: null, variables, headers, ip });
}

/** The events of a name, oldest first. */
async function eventsNamed(of: World, name: string) {
  return (await eventsOf(of, { name })).toReversed();
}

/** The code of the one error of an answer; undefined where there is none. */
function codeOf({ errors }: Pick<Answer, "errors">) {
  return errors[0]?.extensions.code;
}

describe("A login", () => {
  it("begins a session that acts as the user, with the roles of every user and its own", async () => {
    const role = await world.role({ name: "reader_of_login", permissions: ["key::find"] });
    const user = await world.user({ firstName: "Grace", lastName: "Hopper", roles: [role] });
    const { data } = await login(world, { email: user.email, password: user.password });
    const session = data?.login.sessionToken ?? "";

    expect(session).toMatch(/^fgs_[0-9A-Za-z]{92}$/);
    expect(data?.login.userId).toBe(user.id);
    const { viewer } = await world.ask<{ viewer: Record<string, unknown> }>(VIEWER, {
      key: null,
      headers: { authorization: `Bearer ${session}` },
    });
    expect(viewer).toMatchObject({
      kind: "SESSION",
      id: user.id,
      name: "Grace Hopper",
      roles: ["authenticated", "reader_of_login"],
      user: { id: user.id, email: user.email },
    });
    expect(viewer["permissions"]).toContain("key::find");
  });

  it("takes the address in whichever case, and lasts as long as the tenant says", async () => {
    const own = await aWorld();
    const user = await own.user({ email: "Grete.Hermann@Example.com" });
    await own.ask(
      `mutation { updateTenant(input: { sessionTtl: 120 }) { tenant { sessionTtl } } }`,
    );
    const { data } = await login(own, {
      email: "grete.hermann@example.COM",
      password: user.password,
    });
    const session = data?.login.sessionToken ?? "";
    const asked = async () => (await own.run(VIEWER, { key: session })).status;

    expect(await asked()).toBe(200);
    own.wait(121);
    expect(await asked()).toBe(401);
  });

  it("lasts thirty days where the tenant says nothing", async () => {
    const own = await aWorld();
    const { email, password } = await own.user();
    const { data } = await login(own, { email, password });
    const session = data?.login.sessionToken ?? "";
    const asked = async () => (await own.run(VIEWER, { key: session })).status;

    own.wait(30 * 24 * 60 * 60 - 60);
    expect(await asked()).toBe(200);
    own.wait(61);
    expect(await asked()).toBe(401);
  });

  it("of a service account lasts", async () => {
    const own = await aWorld();
    const { email, password } = await own.user({ serviceAccount: true });
    const { data } = await login(own, { email, password });

    expect(data?.login.expiresAt).toBeNull();
    own.wait(400 * 24 * 60 * 60);
    expect((await own.run(VIEWER, { key: data?.login.sessionToken ?? null })).status).toBe(200);
  });

  it("is refused in the same words and bytes whatever is wrong, and the log tells what", async () => {
    const own = await aWorld();
    const user = await own.user();
    const other = await (await aWorld()).system();
    const wrong = "another long phrase";
    const refused = [
      await login(own, { email: user.email, password: wrong }),
      await login(own, { email: "nobody@example.com", password: wrong }),
    ];
    const atTheDoor = [
      await login(own, { ...user, id: undefined, systemSecret: other.systemSecret }),
      await login(own, { ...user, id: undefined, ...other }),
      await login(own, { ...user, id: undefined, systemSecret: "fgy_x" }),
      await login(own, { ...user, id: undefined, systemKey: "tenant_x" }),
    ];

    for (const answer of refused) expect(answer.text).toBe(refused[0]?.text);
    for (const answer of atTheDoor.slice(2)) expect(answer.text).toBe(atTheDoor[0]?.text);
    expect([...refused, ...atTheDoor].map(({ status }) => status)).toEqual([
      401, 401, 401, 401, 401, 401,
    ]);
    expect(await eventsNamed(own, "session::login")).toMatchObject([
      { outcome: "FAILED", principalKind: "ANONYMOUS", target: user.id, reason: "WRONG_SECRET" },
      { outcome: "FAILED", principalKind: "ANONYMOUS", target: null, reason: "UNKNOWN" },
    ]);
    const { status } = await login(own, { email: user.email, password: user.password });
    expect(status).toBe(200);
    expect((await eventsNamed(own, "session::login")).at(-1)).toMatchObject({
      outcome: "ALLOWED",
      target: user.id,
      ip: "192.0.2.1",
    });
  });

  it("takes no credential besides, and no tenant but that of the system key", async () => {
    const input = { email: ada.email, password: ada.password };
    const beside = await login(world, input, { "x-api-key": world.admin });
    const elsewhere = await login(world, input, { "x-fieldgate-tenant": (await aWorld()).slug });
    const here = await login(world, input, { "x-fieldgate-tenant": world.slug });

    expect([beside.status, elsewhere.status, here.status]).toEqual([401, 401, 200]);
  });

  it("is not there for whoever presents nothing of the tenant", async () => {
    const { errors } = await world.run(
      `mutation { login(input: { systemKey: "", systemSecret: "", email: "", password: "" }) { userId } }`,
      { key: null },
    );
    expect(errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });

  it("of a user whose tenant rolled its secret is made with the new one alone", async () => {
    const own = await aWorld();
    const { email, password } = await own.user();
    const before = await own.system();
    const { rollSystemSecret: after } = await own.ask<{ rollSystemSecret: object }>(
      "mutation { rollSystemSecret { systemKey systemSecret } }",
    );
    expect((await login(own, { email, password, ...before })).status).toBe(401);
    expect((await login(own, { email, password, ...after })).status).toBe(200);
  });
});

describe("Attempts at an account", () => {
  it("are ten in 15 minutes, for the right password too, and then in the same words for every address", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    for (let tried = 0; tried < 10; tried += 1) {
      // One after the other, as somebody who guesses.
      // oxlint-disable-next-line no-await-in-loop
      expect((await login(own, { ...right, password: `wrong ${tried} phrase` })).status).toBe(401);
    }
    expect(codeOf(await login(own, right))).toBe("RATE_LIMITED");

    own.wait(15 * 60 + 1);
    expect((await login(own, right)).status).toBe(200);
  });

  it("are as many of an address that nobody has", async () => {
    const own = await aWorld();
    const input = { email: "nobody@example.com", password: "a long enough phrase" };
    const codes: unknown[] = [];
    for (let tried = 0; tried < 11; tried += 1) {
      // oxlint-disable-next-line no-await-in-loop
      codes.push(codeOf(await login(own, input)));
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => "UNAUTHENTICATED"), "RATE_LIMITED"]);
  });

  test.each(["aliases", "requests"] as const)(
    "are no more as %s that come at once",
    async (how) => {
      const own = await aWorld();
      const user = await own.user();
      const system = await own.system();
      const input = { ...system, email: user.email, password: "a wrong long phrase" };
      const codes: unknown[] = [];
      if (how === "requests") {
        const answers = await Promise.all(Array.from({ length: 25 }, () => login(own, input)));
        codes.push(...answers.map(codeOf));
      } else {
        const fields = Array.from(
          { length: 25 },
          (_, at) => `a${at}: login(input: $input) { userId }`,
        );
        const document = `mutation ($input: LoginInput!) { ${fields.join("\n")} }`;
        const { errors } = await own.run(document, { key: null, variables: { input } });
        codes.push(...errors.map(({ extensions }) => extensions.code));
      }
      expect(codes.filter((code) => code === "UNAUTHENTICATED")).toHaveLength(10);
      expect(codes.filter((code) => code === "RATE_LIMITED")).toHaveLength(15);
    },
  );

  it("of a device that a login marked are its own, so that strangers do not lock the owner out", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    const first = await login(own, right);
    const deviceToken = first.data?.login.deviceToken ?? "";
    const other = await own.user();
    const foreign = (await login(own, { email: other.email, password: other.password })).data
      ?.login;
    await Promise.all(
      Array.from({ length: 12 }, () => login(own, { ...right, password: "a wrong long phrase" })),
    );

    const { deviceToken: foreignMark } = foreign ?? {};
    for (const mark of [undefined, foreignMark, `${deviceToken}x`]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(codeOf(await login(own, { ...right, deviceToken: mark }))).toBe("RATE_LIMITED");
    }
    expect((await login(own, { ...right, deviceToken })).status).toBe(200);
    const guesses = await Promise.all(
      Array.from({ length: 12 }, () =>
        login(own, { ...right, password: "a wrong long phrase", deviceToken }),
      ),
    );
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(9);
    expect(codeOf(await login(own, { ...right, deviceToken }))).toBe("RATE_LIMITED");
  });

  it("of a device are no more by another mark of it, and none with another password", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    const wrong = { ...right, password: "a wrong long phrase" };
    const first = (await login(own, right)).data?.login.deviceToken;
    const second = (await login(own, { ...right, deviceToken: first })).data?.login.deviceToken;
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        login(own, { ...wrong, deviceToken: at % 2 === 0 ? first : second }),
      ),
    );
    expect(guesses.filter((each) => codeOf(each) === "UNAUTHENTICATED")).toHaveLength(9);

    const strangers = await Promise.all(Array.from({ length: 12 }, () => login(own, wrong)));
    expect(strangers.some((each) => codeOf(each) === "RATE_LIMITED")).toBe(true);
    own.wait(15 * 60 + 1);
    const session = await own.login(user);
    const password = "quite another phrase";
    await own.ask(`mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }`, {
      key: session,
      variables: { input: { password, currentPassword: user.password } },
    });
    await Promise.all(Array.from({ length: 12 }, () => login(own, wrong)));
    expect(codeOf(await login(own, { ...right, password, deviceToken: second }))).toBe(
      "RATE_LIMITED",
    );
  });

  it("from one address at tokens do not keep it from logging in, and a site tells who asks it", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    const system = await own.system();
    const ask = async (at: number, clientIp?: string) =>
      await own.run(
        `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`,
        {
          key: null,
          ip: "192.0.2.1",
          variables: { input: { ...system, email: `nobody${at}@example.com`, clientIp } },
        },
      );
    for (let lot = 0; lot < 30; lot += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(Array.from({ length: 10 }, (_, at) => ask(lot * 10 + at)));
    }
    expect(codeOf(await ask(301))).toBe("RATE_LIMITED");
    expect(codeOf(await ask(302, "198.51.100.7"))).toBeUndefined();
    expect(codeOf(await ask(303, "nowhere"))).toBe("BAD_USER_INPUT");
    expect(codeOf(await login(own, right))).toBeUndefined();
  });

  it("of a browser are its own by the cookie that a login sets", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    const first = await login(own, right);
    const [cookie = ""] = (first.headers["set-cookie"] ?? "").split(";", 1);
    expect(first.headers["set-cookie"]).toMatch(
      /^__Host-fieldgate-device=fgd_[^;]+; Path=\/; Max-Age=15552000; HttpOnly; Secure; SameSite=Strict$/,
    );
    await Promise.all(
      Array.from({ length: 12 }, () => login(own, { ...right, password: "a wrong long phrase" })),
    );

    expect(codeOf(await login(own, right))).toBe("RATE_LIMITED");
    expect(codeOf(await login(own, right, { cookie }))).toBeUndefined();
  });

  it("from one address are bounded over all accounts, but for those that succeed", async () => {
    const own = await aWorld();
    const user = await own.user();
    const database = await testDatabase();
    await login(own, { email: "a@example.com", password: "a wrong long phrase" });
    await login(own, { email: user.email, password: user.password });
    const client = await database.pool.connect();
    try {
      const { rows } = await client.query<{ most: number }>(
        `SELECT max(cardinality(at)) AS most FROM login_attempt WHERE tenant_id = $1`,
        [own.tenantId],
      );
      expect(rows[0]?.most).toBe(1);
    } finally {
      client.release();
    }
  });
});
