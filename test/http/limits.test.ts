import { getIntrospectionQuery, Kind, parse } from "graphql";
import { createSchema } from "graphql-yoga";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DocumentCache } from "../../src/http/document-cache.ts";
import { measureText, shapesOf } from "../../src/http/document-shape.ts";
import { costOf } from "../../src/http/query-cost.ts";
import { openApi } from "./throwaway-api.ts";

let api: Awaited<ReturnType<typeof openApi>>;

beforeAll(async () => {
  api = await openApi();
});

afterAll(() => api.close());

function times(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(" ");
}

/** Two to the power of `n` fields. */
function exponential(n: number): string {
  const fragments = times(n, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
  return `{ ...F0 } ${fragments} fragment F${n} on Query { hello }`;
}

const wide = (members: number) =>
  Object.fromEntries(Array.from({ length: members }, (_, at) => [`m${at}`, 1]));

describe("passes:", () => {
  test.each([
    ["the introspection of GraphiQL", introspection()],
    ["a document of 50 aliases", `{ ${times(50, (i) => `a${i}: hello`)} }`],
    [
      "a document that touches 50 datasets, 100 rows of each",
      `{ ${times(50, (i) => `a${i}: page(first: 100) { nodes { id name page { nodes { id } } } }`)} }`,
    ],
    [
      "a page of 10,000 rows",
      `{ page(first: 10000) { nodes { id name ${times(40, () => "id")} } } }`,
    ],
  ])("%s", async (_, query) => {
    const { json } = await api.post({ query });
    expect(json.errors).toBeUndefined();
  });

  test("a write of 10,000 rows", async () => {
    const query = "mutation ($things: [ThingInput!]!) { createThings(things: $things) { id } }";
    const things = Array.from({ length: 10_000 }, () => ({ name: "x" }));
    const { json } = await api.post({ query, variables: { things } });
    expect(json.errors).toBeUndefined();
  });
});

describe("is refused:", () => {
  test.each([
    ["10,000 aliases", `{ ${times(10_000, (i) => `a${i}: hello`)} }`, "10,000 tokens"],
    ["1,000 aliases", `{ ${times(1000, (i) => `a${i}: hello`)} }`, "200 aliases"],
    [
      "1,000 aliases of __typename",
      `{ ${times(1000, (i) => `a${i}: __typename`)} }`,
      "200 aliases",
    ],
    ["one field 3,000 times", `{ page { nodes { ${"id ".repeat(3000)} } } }`, "2,000 fields"],
    ["150 fields at the top", `{ ${"hello ".repeat(150)} }`, "100 fields at the top"],
    ["a depth of 5,000", `${"{ page ".repeat(5000)}${"}".repeat(5000)}`, "100 levels of nesting"],
    ["a depth of 50,000", "{a".repeat(50_000), "100 levels of nesting"],
    ["a list of 5,000 lists", `{ nodes(ids: ${"[".repeat(5000)} }`, "100 levels of nesting"],
    [
      "a depth of 40",
      `{ page { ${"nodes { page { ".repeat(20)} __typename ${"} }".repeat(20)} } }`,
      "20 levels of fields",
    ],
    [
      "a depth of 40 by fragments",
      `{ page { ...F0 } } ${times(40, (i) => `fragment F${i} on Page { nodes { page { ...F${i + 1} } } }`)}
       fragment F40 on Page { __typename }`,
      "20 levels of fields",
    ],
    ["100,000 directives", `{ hello ${"@a ".repeat(100_000)} }`, "200,000 characters"],
    ["40,000 directives", `{ hello ${"@a ".repeat(40_000)} }`, "10,000 tokens"],
    ["300 directives", `{ hello ${"@a ".repeat(300)} }`, "200 directives"],
    ["two to the 27 fields", exponential(27), "2,000 fields"],
    [
      "2,000 operations",
      times(2000, (i) => `query Q${i} { hello }`),
      "50 operations and fragments",
    ],
    ["300 variables", `query (${times(300, (i) => `$v${i}: Int`)}) { hello }`, "200 variables"],
    ["a comment of a megabyte", `{ hello } #${"x".repeat(1e6)}`, "200,000 characters"],
    [
      "a page of a page",
      "{ page(first: 1000) { nodes { page(first: 1000) { nodes { id } } } } }",
      "500,000 field values",
    ],
  ])("%s", async (_, query, words) => {
    const { status, json } = await api.post({
      query,
      ...(query.includes("Q0") && { operationName: "Q0" }),
    });
    expect(status).toBeLessThan(500);
    expect(json.errors).toHaveLength(1);
    expect(json.errors?.[0]?.message).toContain(words);
    expect(json.errors?.[0]?.extensions["code"]).toBe("LIMIT_EXCEEDED");
  });

  test("an object of 20,001 members in a variable", async () => {
    const query = "mutation ($things: [ThingInput!]!) { createThings(things: $things) { id } }";
    const refused = await ask({ query, variables: { things: [wide(20_001)] } });
    const { json } = await api.post({ query, variables: { things: [wide(20_000)] } });
    expect(refused?.message).toContain("20,000 members in one object");
    expect(refused?.extensions["code"]).toBe("LIMIT_EXCEEDED");
    expect(json.errors?.[0]?.message).toContain('"m0" is not defined');
  });

  test("a list of 10,001 items, or one too deep, in a variable", async () => {
    const query = "mutation ($things: [ThingInput!]!) { createThings(things: $things) { id } }";
    const long = { things: Array.from({ length: 10_001 }, () => ({})) };
    const deep = `[${'{"within":'.repeat(5000)}1${"}".repeat(5000)}]`;
    const byLength = await ask({ query, variables: long });
    const byDepth = await ask(
      `{"query": ${JSON.stringify(query)}, "variables": {"things": ${deep}}}`,
    );
    expect(byLength?.message).toContain("10,000 items in one list");
    expect(byDepth?.message).toContain("100 levels of nesting");
    expect(byDepth?.extensions["code"]).toBe("LIMIT_EXCEEDED");
  });

  test("what its variables make too large, though the same document passed before", async () => {
    const query = `query ($first: Int) {
      page(first: $first) { nodes { page(first: $first) { nodes { id } } } }
    }`;
    const codes = [];
    for (const first of [10, 5000, 10]) {
      // oxlint-disable-next-line no-await-in-loop
      const { json } = await api.post({ query, variables: { first } });
      codes.push(json.errors?.[0]?.extensions["code"]);
    }
    expect(codes).toEqual([undefined, "LIMIT_EXCEEDED", undefined]);
  });

  test("fragments that spread each other are the caller's mistake", async () => {
    const { json } = await api.post({
      query: "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A hello }",
    });
    expect(json.errors?.[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(json.errors?.[0]?.message).toContain("within itself");
  });
});

describe("the work of measuring", () => {
  test("is one visit to each fragment, however often it is spread", () => {
    const document = parse(exponential(48));
    let visits = 0;
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
      const { selections } = definition.selectionSet;
      Object.defineProperty(definition.selectionSet, "selections", {
        get: () => ((visits += 1), selections),
      });
    }
    expect(shapesOf(document)[0]?.fields).toBe(2 ** 48);
    expect(visits).toBeLessThanOrEqual(2 * document.definitions.length);
  });

  test("ends at the first token too many", () => {
    const limits = { tokens: 10_000, nesting: 100 };
    expect(measureText("@a ".repeat(100_000), limits).tokens).toBe(10_001);
    expect(measureText("{a".repeat(100_000), limits).nesting).toBe(101);
  });

  test("takes no time to speak of", () => {
    const text = `{ ${times(3000, (i) => `a${i}: hello`)} }`;
    const start = performance.now();
    measureText(text, { tokens: 10_000, nesting: 100 });
    shapesOf(parse(text));
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe("the cost of a query", () => {
  const schema = createSchema({
    typeDefs: /* GraphQL */ `
      interface Node {
        id: ID
      }
      type Query {
        page(first: Int = 20, ids: [ID!]): Page
        nodes(ids: [ID!]): [Node]
        one: Thing
      }
      type Page {
        nodes: [Thing]
        edges: [Edge]
        total: Int
      }
      type Edge {
        node: Thing
      }
      type Thing implements Node {
        id: ID
        tags: [Tag]
      }
      type Tag {
        id: ID
      }
    `,
  });
  const cost = (query: string, variables: Record<string, unknown> = {}) =>
    costOf(schema, parse(query), { variables });

  test.each([
    ["{ one { id } }", 2],
    ["{ page(first: 7) { total nodes { id } } }", 1 + 1 + 7 * 2],
    ["{ page(first: 7) { total } }", 1 + 7],
    ["{ page { nodes { id } } }", 1 + 20 * 2],
    ["{ page(first: 7) { edges { node { id } } } }", 1 + 7 * 3],
    ['{ nodes(ids: ["a", "b", "c"]) { id } }', 3 * 2],
    ["{ one { tags { id } } }", 1 + 1 + 20 * 2 - 1],
    ["{ __schema { types { name } } }", 0],
  ])("%s is %i", (query, expected) => {
    expect(cost(query)).toBe(expected);
  });

  test("is the same however the query is written", () => {
    const plain = cost("{ page(first: 500) { nodes { id } } }");
    const written = [
      "query ($n: Int = 500) { page(first: $n) { nodes { id } } }",
      "query ($n: Int) { page(first: $n) { nodes { id } } }",
      "{ page(first: 500) { ... on Page { nodes { ... on Node { id } } } } }",
      "{ ...Q } fragment Q on Query { page(first: 500) { ...P } } fragment P on Page { nodes { id } }",
      "{ page(first: 500) @include(if: true) { nodes { id @skip(if: false) } } }",
      "{ x: page(first: 500) { y: nodes { z: id } } }",
    ];
    for (const query of written) {
      const variables = query.includes("$n: Int)") ? { n: 500 } : {};
      expect(cost(query, variables)).toBe(plain);
    }
  });
});

test("parsed documents are remembered up to a total length", () => {
  const cache = new DocumentCache<number>(200);
  for (let i = 10; i < 30; i += 1) cache.set(`document ${i}`, i);
  expect(cache.get("document 10")).toBeUndefined();
  expect(cache.get("document 29")).toBe(29);
  cache.get("document 12");
  cache.set("document 30", 30);
  expect(cache.get("document 12")).toBe(12);
  expect(cache.get("document 13")).toBeUndefined();
  cache.set("x".repeat(21), 0);
  expect(cache.get("x".repeat(21))).toBeUndefined();
});

async function ask(body: unknown) {
  const { json } = await api.post(body);
  return json.errors?.[0];
}

function introspection(): string {
  return getIntrospectionQuery({
    descriptions: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    schemaDescription: true,
    specifiedByUrl: true,
    oneOf: true,
  });
}
