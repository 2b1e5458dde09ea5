import { expect, it } from "vitest";
import { builder } from "../../src/graphql/builder.ts";
import { mayInStages } from "../../src/graphql/scopes.ts";

it("No mutation can be written in stages that is not said to ask for its permission itself", () => {
  builder.queryFields((t) => ({ look: t.string({ resolve: () => "" }) }));
  builder.mutationFields((t) => ({
    enter: t.string({ authScopes: mayInStages("user::enter"), resolve: () => "" }),
  }));

  expect(() => builder.toSchema()).toThrow("Mutation.enter is not staged");
});
