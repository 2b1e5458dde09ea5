import { GraphQLError, parse } from "graphql";
import { expect, test } from "vitest";
import { denialsOf } from "../../src/graphql/denials.ts";
import { schema } from "../../src/schema.ts";

test("what is denied in every row of a large answer is told at once", () => {
  const fields = Array.from({ length: 1_000 }, (_each, place) => `f${place}: id`).join(" ");
  const document = parse(`{ film: dataset(name: "films") { rows { nodes { ${fields} } } } }`);
  const missing = { gate: "DATA", name: "READ films.title" };
  const errors = Array.from(
    { length: 20_000 },
    () =>
      new GraphQLError("Denied.", { path: ["film"], extensions: { code: "FORBIDDEN", missing } }),
  );
  const start = performance.now();
  const [denial, ...others] = denialsOf({ schema, document }, errors);
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(denial).toMatchObject({ name: "dataset::get", reason: "DATA READ films.title" });
  expect(others).toEqual([]);
});
