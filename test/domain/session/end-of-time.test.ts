import { expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";

const CREATE = `mutation ($input: CreateSessionInput!) {
  createSession(input: $input) { session { expiresAt } } }`;

it.each([
  "+010000-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.999-01:00",
  "0000-12-31T23:59:59.999Z",
  "-000001-01-01T00:00:00.000Z",
])("No session is made that ends at %s, which no answer could tell", async (expiresAt) => {
  const world = await aWorld();
  const { id: userId } = await world.user({ serviceAccount: true });
  const { errors } = await world.run(CREATE, { variables: { input: { userId, expiresAt } } });

  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect(errors[0]?.message).toMatch(/in the years 0001 to 9999\.$/);
  expect(await world.ask("{ sessions { totalCount } }")).toEqual({ sessions: { totalCount: 0 } });
});

it("A session may last as long as a moment can be told", async () => {
  const world = await aWorld();
  const { id: userId } = await world.user({ serviceAccount: true });
  const expiresAt = "9999-12-31T23:59:59.999Z";

  expect(await world.ask(CREATE, { variables: { input: { userId, expiresAt } } })).toEqual({
    createSession: { session: { expiresAt } },
  });
});
