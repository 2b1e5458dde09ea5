import { describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";

const world = await aWorld();
const { id: datasetId } = await world.dataset({ columns: [{ name: "name", type: "TEXT" }] });
const key = await world.key({
  roles: [
    {
      permissions: [
        "tenant::update",
        "user::register",
        "system_secret::roll",
        "access_token::create",
      ],
      canRead: true,
    },
  ],
});
const conditions = [{ datasetId, column: "name", op: "eq", value: "x" }];

describe("Who may come in", () => {
  const documents = {
    openRegistration: `mutation { updateTenant(input: { openRegistration: true }) { __typename } }`,
    rollSystemSecret: "mutation { rollSystemSecret { __typename } }",
  };
  it.each(Object.entries(documents))(
    "is not decided by a token with conditions: %s",
    async (_what, document) => {
      const outcomeOf = async (token: object) => {
        const { asking } = await world.token({ key, ...token });
        return (await world.run(document, asking)).errors[0]?.extensions["missing"] ?? "OK";
      };

      expect(await outcomeOf({ conditions })).toEqual({ gate: "RESTRICTION", name: "conditions" });
      expect(await outcomeOf({})).toBe("OK");
    },
  );

  it("may still be called otherwise by one", async () => {
    const { asking } = await world.token({ key, conditions });
    const document = `mutation { updateTenant(input: { label: "New" }) { __typename } }`;

    expect((await world.run(document, asking)).errors).toEqual([]);
  });
});
