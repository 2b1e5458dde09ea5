import { afterAll, describe, expect, it } from "vitest";
import { type Asking, aWorld, uniqueName } from "../../support/world.ts";
import { trusting, viewerOf } from "./trusting.ts";

const world = await aWorld();
const attribute = (name: string) => ({ name, type: "TEXT", editable: true });
await world.ask(
  `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`,
  { variables: { input: { attributes: [attribute("desk"), attribute("nickname")] } } },
);
const claims = { attributes: [{ attribute: "desk", claim: "desk" }] };
const provider = await trusting(world, { claims });
afterAll(() => provider.stop());

const UPDATE_ME = `mutation ($input: UpdateMeInput!) {
  updateMe(input: $input) { user { firstName organization attributes issuer subject } } }`;
const UPDATE_USER = `mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) { user { firstName organization attributes issuer subject } } }`;

async function ada() {
  const sub = uniqueName("sub");
  const asking = provider.as({ sub, given_name: "Ada", desk: "12" });
  return { sub, asking, ...(await viewerOf(world, asking)) };
}

const changed = async (document: string, input: object, asking: Asking = {}) => {
  const { data, errors } = await world.run<Record<string, { user: object }>>(document, {
    ...asking,
    variables: { input },
  });
  return (
    data?.["updateMe"]?.user ?? data?.["updateUser"]?.user ?? errors.map(({ message }) => message)
  );
};

const theirs = (...fields: string[]) => [
  fields
    .map((field) => `${field} is what the user's identity provider says. Change it there.`)
    .join(" "),
];

describe("What the identity provider says of a user", () => {
  const change = { firstName: "Augusta", attributes: { desk: "13", nickname: "A" } };

  it("is not changed by the user, nor by others: the next JWT would undo it", async () => {
    const { id, asking } = await ada();

    expect(await changed(UPDATE_ME, change, asking)).toEqual(
      theirs("firstName", "attributes.desk"),
    );
    expect(await changed(UPDATE_USER, { id, ...change, email: "a@example.com" })).toEqual(
      theirs("email", "firstName", "attributes.desk"),
    );
    expect((await viewerOf(world, asking)).name).toBe("Ada");
  });

  it("is not looked for in what is no attributes", async () => {
    const { asking } = await ada();

    expect(await changed(UPDATE_ME, { attributes: "desk" }, asking)).toEqual([
      "attributes is an object of at most 50 values by name.",
    ]);
  });

  it("is all that is not: the rest is changed, and stays so", async () => {
    const { sub, asking } = await ada();
    const rest = { organization: "Acme", attributes: { nickname: "A" } };
    const shown = {
      firstName: "Ada",
      organization: "Acme",
      attributes: { desk: "12", nickname: "A" },
      issuer: provider.issuer,
      subject: sub,
    };

    expect(await changed(UPDATE_ME, rest, asking)).toEqual(shown);
    const next = provider.as({ sub, given_name: "Ada", desk: "12", jti: "next" });
    expect(await changed(UPDATE_ME, {}, next)).toEqual(shown);
  });

  it("is everybody's to change once the provider is not trusted any more", async () => {
    const other = await trusting(world, { claims });
    const { id } = await viewerOf(world, other.as({ given_name: "Ada" }));
    expect(await changed(UPDATE_USER, { id, firstName: "Augusta" })).toEqual(theirs("firstName"));
    await world.ask(`mutation ($id: ID!) { distrustIssuer(input: { id: $id }) { id } }`, {
      variables: { id: other.id },
    });

    expect(await changed(UPDATE_USER, { id, firstName: "Augusta" })).toMatchObject({
      firstName: "Augusta",
    });
    await other.stop();
  });
});

it("The subject of a user is seen by whoever may see its address, and by the user", async () => {
  const { id, sub } = await ada();
  const subjectFor = async (permissions: readonly string[]) => {
    const key = await world.key({ roles: [{ permissions }] });
    const document = `query ($id: ID!) { user(id: $id) { subject } }`;
    return (await world.run<{ user: object }>(document, { key, variables: { id } })).data?.user;
  };

  expect(await subjectFor(["user::get", "user::get_email"])).toEqual({ subject: sub });
  expect(await subjectFor(["user::get"])).toEqual({ subject: null });
});
