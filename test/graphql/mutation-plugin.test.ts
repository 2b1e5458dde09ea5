import { expect, it } from "vitest";
import { builder } from "../../src/graphql/builder.ts";

it("No mutation can be written that requires no permission, and so would have no transaction", () => {
  builder.queryFields((t) => ({ look: t.string({ resolve: () => "" }) }));
  builder.mutationFields((t) => ({ change: t.string({ resolve: () => "" }) }));

  expect(() => builder.toSchema()).toThrow("Mutation.change requires no permission.");
});
