import { expect, it } from "vitest";
import { builder } from "../../src/graphql/builder.ts";
import { mayAtFrontDoor } from "../../src/graphql/scopes.ts";

it("No mutation can be written at the front door that does not ask for its permission itself", () => {
  builder.queryFields((t) => ({ look: t.string({ resolve: () => "" }) }));
  builder.mutationFields((t) => ({
    enter: t.string({ authScopes: mayAtFrontDoor("user::enter"), resolve: () => "" }),
  }));

  expect(() => builder.toSchema()).toThrow("Mutation.enter is not staged");
});
