import { beforeAll, describe, expect, it, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const SET = `mutation ($input: SetUserAttributesInput!) {
  setUserAttributes(input: $input) { tenant { userAttributes { name type required editable options } } }
}`;
const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id attributes } } }`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { attributes } } }`;
const UPDATE_ME_OF = `mutation ($attributes: JSON) { updateMe(input: { attributes: $attributes }) { user { id } } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { attributes } } }`;
const GRANT = `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`;
const PASSWORD = "a long enough phrase";

/** `region` is the tenant's to say, `nickname` and `age` are the user's own. */
const ATTRIBUTES = [
  { name: "region", type: "SELECT", options: ["north", "south"] },
  { name: "nickname", type: "TEXT", editable: true, maxLength: 5 },
  { name: "age", type: "INTEGER", editable: true, min: 0 },
  { name: "keen", type: "BOOLEAN" },
];

const codes = ({ errors }: { errors: readonly { extensions: { code?: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

/** A tenant with these attributes, a dataset of two regions, and a role that reads those of its user's. */
async function aHouse(attributes: readonly object[] = ATTRIBUTES) {
  const world = await aWorld();
  await world.ask(SET, { variables: { input: { attributes } } });
  const { id: datasetId } = await world.dataset({
    columns: [{ name: "region", type: "TEXT" }],
    rows: [{ region: "north" }, { region: "south" }],
  });
  const role = await world.role({
    permissions: ["dataset::get"],
    grants: [
      {
        datasetId,
        read: "ALLOW",
        rowFilter: { read: { column: "region", eq: "$user.region" } },
      },
    ],
  });
  const seen = async (key: string) => {
    const { dataset } = await world.ask<{
      dataset: { rows: { nodes: { values: object }[] } } | null;
    }>(`query ($id: ID!) { dataset(id: $id) { rows { nodes { values } } } }`, {
      key,
      variables: { id: datasetId },
    });
    return dataset?.rows.nodes.map(({ values }) => values) ?? [];
  };
  return { world, datasetId, role, seen };
}

describe("Attributes of users", () => {
  let world: World;

  beforeAll(async () => {
    world = await aWorld();
  });

  it("are what the tenant says, and of the types that it says", async () => {
    const { world: own } = await aHouse();
    const attributes = { region: "north", nickname: "lucky", age: "42", keen: true };
    const input = { email: "a@example.com", password: PASSWORD, attributes };
    expect(await own.ask(REGISTER, { variables: { input } })).toMatchObject({
      registerUser: { user: { attributes: { ...attributes, age: 42 } } },
    });
  });

  test.each([
    ["an option that there is not", { region: "west" }],
    ["text that is too long", { nickname: "longer" }],
    ["a number that is too small", { age: -1 }],
    ["a number that is none", { age: "x" }],
    ["a truth that is none", { keen: "yes" }],
  ])("do not hold %s", async (_what, attributes) => {
    const { world: own } = await aHouse();
    const input = { email: "a@example.com", password: PASSWORD, attributes };
    expect(codes(await own.run(REGISTER, { variables: { input } }))).toEqual(["BAD_USER_INPUT"]);
  });

  it("that are required are given at registration, and not taken away", async () => {
    const { world: own } = await aHouse([{ name: "badge", type: "TEXT", required: true }]);
    const input = { email: "a@example.com", password: PASSWORD };
    expect(codes(await own.run(REGISTER, { variables: { input } }))).toEqual(["BAD_USER_INPUT"]);
    const { id } = await own.user({ attributes: { badge: "7" } });
    const change = (attributes: object) =>
      own.run(UPDATE, { variables: { input: { id, attributes } } });
    expect(codes(await change({ badge: null }))).toEqual(["BAD_USER_INPUT"]);
    expect(codes(await change({ badge: "8" }))).toEqual([]);
  });

  it("that are required are given by those who register themselves where they are theirs", async () => {
    const { world: own } = await aHouse([
      { name: "badge", type: "TEXT", required: true },
      { name: "nickname", type: "TEXT", required: true, editable: true },
    ]);
    await own.ask("mutation { updateTenant(input: { openRegistration: true }) { tenant { id } } }");
    const email = "a@example.com";
    const system = await own.system();
    const register = async (attributes: object) => {
      const input = { ...system, email, password: PASSWORD, attributes };
      return codes(await own.run(REGISTER, { key: null, variables: { input } }));
    };
    expect(await register({})).toEqual(["BAD_USER_INPUT"]);
    expect(await register({ badge: "7", nickname: "a" })).toEqual(["FORBIDDEN"]);
    expect(await register({ nickname: "a" })).toEqual([]);

    const session = await own.login({ email, password: PASSWORD });
    const { viewer } = await own.ask<{ viewer: { user: { id: string; attributes: object } } }>(
      "{ viewer { user { id attributes } } }",
      { key: session },
    );
    expect(viewer.user.attributes).toEqual({ nickname: "a" });
    const input = { id: viewer.user.id, attributes: { badge: "7" } };
    expect(await own.ask(UPDATE, { variables: { input } })).toEqual({
      updateUser: { user: { attributes: { badge: "7", nickname: "a" } } },
    });
  });

  test.each([
    [
      "two of one name",
      [
        { name: "a", type: "TEXT" },
        { name: "a", type: "TEXT" },
      ],
    ],
    ["what is known already", [{ name: "email", type: "TEXT" }]],
    ["a name that is none", [{ name: "A b", type: "TEXT" }]],
    ["a SELECT without options", [{ name: "a", type: "SELECT" }]],
    ["too many", Array.from({ length: 51 }, (_, at) => ({ name: `a${at}`, type: "TEXT" }))],
  ])("are not defined with %s", async (_what, attributes) => {
    expect(codes(await world.run(SET, { variables: { input: { attributes } } }))).toEqual([
      "BAD_USER_INPUT",
    ]);
  });
});

describe("An attribute that a row filter names", () => {
  it("decides what its user sees, and is written by others with grant::any alone", async () => {
    const { world, role, seen } = await aHouse();
    const user = await world.user({ roles: [role], attributes: { region: "north" } });
    const session = await world.login(user);
    const update = async (permissions: string[], region: string) => {
      const always = ["user::update", "user::update_attributes", "user::get_attributes"];
      const key = await world.key({ roles: [{ permissions: [...always, ...permissions] }] });
      const input = { id: user.id, attributes: { region } };
      return codes(await world.run(UPDATE, { key, variables: { input } }));
    };

    expect(await seen(session)).toEqual([{ region: "north" }]);
    expect(await update([], "south")).toEqual(["FORBIDDEN"]);
    expect(await update(["grant::any"], "south")).toEqual([]);
    expect(await seen(session)).toEqual([{ region: "south" }]);
  });

  it("is never written by its user, also not by one that may do anything", async () => {
    const { world, role } = await aHouse();
    const all = { permissions: ["user::update", "user::update_attributes", "grant::any"] };
    const user = await world.user({ roles: [role, all], attributes: { region: "north" } });
    const session = await world.login(user);
    const attributes = { region: "south" };
    const asSelf = await world.run(UPDATE_ME, {
      key: session,
      variables: { input: { attributes } },
    });
    const asOther = await world.run(UPDATE, {
      key: session,
      variables: { input: { id: user.id, attributes } },
    });

    expect(codes(asSelf)).toEqual(["FORBIDDEN"]);
    expect(codes(asOther)).toEqual(["FORBIDDEN"]);
    expect(
      await world.ask(UPDATE_ME, {
        key: session,
        variables: { input: { attributes: { nickname: "lucky" } } },
      }),
    ).toEqual({ updateMe: { user: { attributes: { region: "north", nickname: "lucky" } } } });
  });

  it("is not one that users may edit, whichever came first", async () => {
    const { world, datasetId, role } = await aHouse();
    const read = (name: string) => ({
      roleId: role,
      datasetId,
      read: "ALLOW",
      rowFilter: { read: { column: "region", eq: `$user.${name}` } },
    });
    const define = async (change: object) =>
      codes(
        await world.run(SET, {
          variables: {
            input: {
              attributes: ATTRIBUTES.map((each) =>
                each.name === "region" ? { ...each, ...change } : each,
              ),
            },
          },
        }),
      );

    expect(codes(await world.run(GRANT, { variables: { input: read("nickname") } }))).toEqual([
      "BAD_USER_INPUT",
    ]);
    expect(codes(await world.run(GRANT, { variables: { input: read("keen") } }))).toEqual([]);
    expect(codes(await world.run(GRANT, { variables: { input: read("region") } }))).toEqual([]);
    expect(await define({ editable: true })).toEqual(["CONFLICT"]);
    expect(await define({ label: "Region" })).toEqual([]);
    const others = ATTRIBUTES.filter(({ name }) => name !== "region");
    expect(codes(await world.run(SET, { variables: { input: { attributes: others } } }))).toEqual([
      "CONFLICT",
    ]);
  });

  it("holds nothing that users wrote before: theirs stays theirs, and one that is removed loses its values", async () => {
    const { world } = await aHouse();
    const user = await world.user({ attributes: { nickname: "lucky" } });
    const nickname = { name: "nickname", type: "TEXT" };
    const set = async (attributes: object[]) =>
      codes(await world.run(SET, { variables: { input: { attributes } } }));
    const rest = ATTRIBUTES.filter(({ name }) => name !== "nickname");

    expect(await set([...rest, nickname])).toEqual(["CONFLICT"]);
    expect(await set(rest)).toEqual([]);
    expect(await set([...rest, nickname])).toEqual([]);
    const { user: shown } = await world.ask<{ user: object }>(
      `query ($id: ID!) { user(id: $id) { attributes } }`,
      { variables: { id: user.id } },
    );
    expect(shown).toEqual({ attributes: {} });
  });

  it("is not written by whoever registers itself, who writes none but those of its own", async () => {
    const { world } = await aHouse();
    await world.ask(
      "mutation { updateTenant(input: { openRegistration: true }) { tenant { id } } }",
    );
    const register = async (attributes: object) => {
      const input = {
        ...(await world.system()),
        email: "a@example.com",
        password: PASSWORD,
        attributes,
      };
      return codes(await world.run(REGISTER, { key: null, variables: { input } }));
    };

    expect(await register({ region: "north" })).toEqual(["FORBIDDEN"]);
    expect(await register({ keen: true })).toEqual(["FORBIDDEN"]);
    expect(await register({ nickname: "lucky" })).toEqual([]);
  });
});

describe("The variable $user.email", () => {
  it("has a value only where the address was proved", async () => {
    const world = await aWorld();
    await world.ask(
      "mutation { updateTenant(input: { openRegistration: true }) { tenant { id } } }",
    );
    const email = "owner@example.com";
    const { id: datasetId } = await world.dataset({
      columns: [{ name: "owner", type: "TEXT" }],
      rows: [{ owner: email }, { owner: "other@example.com" }],
    });
    const role = await world.role({
      grants: [
        { datasetId, read: "ALLOW", rowFilter: { read: { column: "owner", eq: "$user.email" } } },
      ],
    });
    const system = await world.system();
    const input = { ...system, email, password: PASSWORD };
    await world.ask(REGISTER, { key: null, variables: { input } });
    const { users } = await world.ask<{ users: { nodes: { id: string }[] } }>(
      "{ users { nodes { id } } }",
    );
    const userId = users.nodes[0]?.id ?? "";
    await world.ask(
      `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`,
      {
        variables: { input: { userId, roleIds: [role] } },
      },
    );
    const session = await world.login({ email, password: PASSWORD });
    const rows = async () => {
      const { dataset } = await world.ask<{ dataset: { rows: { totalCount: number } } | null }>(
        `query ($id: ID!) { dataset(id: $id) { rows { totalCount } } }`,
        { key: session, variables: { id: datasetId } },
      );
      return dataset?.rows.totalCount;
    };

    expect(await rows()).toBe(0);
    const token = world.messages.at(-1)?.token;
    await world.ask(
      `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`,
      {
        key: null,
        variables: { input: { ...system, token, password: PASSWORD } },
      },
    );
    expect(await rows()).toBe(1);
  });
});

describe("What cannot be the attributes of anybody", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["a text", "x".repeat(1_000)],
    ["a list", [1]],
    ["more than there can be", Object.fromEntries(Array.from({ length: 51 }, (_, at) => [at, 0]))],
  ];
  it.each(cases)("is refused before anything is made of it: %s", async (_what, attributes) => {
    const world = await aWorld();
    const key = await world.login(await world.user());
    const { errors } = await world.run(UPDATE_ME_OF, { key, variables: { attributes } });

    expect(errors.map(({ message }) => message)).toEqual([
      "attributes is an object of at most 50 values by name.",
    ]);
  });

  it("is told by name where it is little, and much of it is not told", async () => {
    const world = await aWorld();
    const key = await world.login(await world.user());
    const attributes = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`no${at}`, 0]));
    const { errors } = await world.run(UPDATE_ME_OF, { key, variables: { attributes } });

    expect(errors[0]?.message).toMatch(
      /^attributes: There is no attribute "no0"\. .* And 20 more\.$/,
    );
  });
});
