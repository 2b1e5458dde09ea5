import { getVariableValues, type OperationDefinitionNode, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { DEMO_QUERIES } from "../../src/cli/demo/demo-queries.ts";
import { tabOf } from "../../src/cli/demo/demo-tabs.ts";
import { schema } from "../../src/schema.ts";

describe.each(DEMO_QUERIES)("the demo's tab for $key, $says", (demoQuery) => {
  const { query, variables = "{}" } = tabOf(demoQuery);
  const [operation, ...others] = parse(query).definitions as OperationDefinitionNode[];

  test("asks for what the API has, in one operation, which names the tab", () => {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(others).toEqual([]);
    expect(operation?.name?.value).toMatch(/^[A-Z]/);
  });

  test("brings the variables that it needs", () => {
    const given = JSON.parse(variables) as Record<string, unknown>;
    const { errors } = getVariableValues(schema, operation?.variableDefinitions ?? [], given);
    expect(errors).toBeUndefined();
  });

  test("says first which key it is for, in lines that the editor shows whole", () => {
    const comment = query.split("\n").filter((line) => line.startsWith("#"));
    expect(query.startsWith(`# Paste the key ${demoQuery.key} of demo-keys.json`)).toBe(true);
    expect(comment.map((line) => line.slice(2)).join(" ")).toContain(demoQuery.says);
    expect(Math.max(...comment.map(({ length }) => length))).toBeLessThanOrEqual(50);
  });
});
