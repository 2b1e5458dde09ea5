import { buildSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { allowedNames } from "../../src/http/allowed-names.ts";
import { openApi } from "./throwaway-api.ts";

let api: Awaited<ReturnType<typeof openApi>>;

beforeAll(async () => {
  api = await openApi();
});

afterAll(() => api.close());

const RESPONSE_JSON = { accept: "application/graphql-response+json" };

/** What is said of a value that an enum of these does not have. */
const saidOf = (values: readonly string[]) =>
  allowedNames(
    buildSchema(`enum Many { ${values.join(" ")} }`),
    'Value "W" does not exist in "Many" enum.',
  );

test("errors stand in the order of the document and of its lists, however long each field took to fail", async () => {
  const query = "{ first: late(ms: [30, 1, 15]) second: forbidden third: late(ms: [5]) }";
  const { json } = await api.post({ query });
  expect(json.errors?.map(({ path }) => path)).toEqual([
    ["first", 0],
    ["first", 1],
    ["first", 2],
    ["second"],
    ["third", 0],
  ]);
});

describe("an error that is our fault", () => {
  test("says nothing but an id, under which the log says everything", async () => {
    const { json, text, headers } = await api.post({ query: "{ hello broken }" });
    const requestId = headers.get("x-request-id") ?? "";
    expect(json.data).toEqual({ hello: "Hello, you", broken: null });
    expect(json.errors).toMatchObject([
      {
        message: `Something went wrong on our side. Give this id to your operator: ${requestId}.`,
        path: ["broken"],
        extensions: { code: "INTERNAL", requestId },
      },
    ]);
    expect(text).not.toContain("hunter2");
    const line = api.log().find((one) => one["msg"] === "request failed");
    expect(line).toMatchObject({ requestId, path: ["broken"], level: 50 });
    expect(JSON.stringify(line)).toContain("hunter2");
    expect(JSON.stringify(line)).toContain("throwaway-api.ts");
  });

  test.each(["{ brokenRequired }", "{ wrongValue }", "{ unserializable }"])(
    "is never explained: %s",
    async (query) => {
      const { json, text } = await api.post({ query });
      expect(json.errors?.[0]?.extensions["code"]).toBe("INTERNAL");
      expect(text).not.toMatch(/secret|non-nullable|serialize|node_modules/);
    },
  );

  test("in the environment of a developer is not explained either", async () => {
    vi.stubEnv("NODE_ENV", "development");
    const developer = await openApi();
    const { text } = await developer.post({ query: "{ broken }" });
    vi.unstubAllEnvs();
    expect(text).not.toMatch(/hunter2|stack|originalError/);
    await developer.close();
  });

  test("but is meant for callers is logged with its cause, which is not sent", async () => {
    const { json, text } = await api.post(
      { query: "{ unavailable }" },
      { "x-request-id": "later" },
    );
    expect(json.errors?.[0]).toMatchObject({
      message: "Later.",
      extensions: { code: "UNAVAILABLE" },
    });
    expect(text).not.toContain("ECONNREFUSED");
    const line = api.log().find((one) => one["requestId"] === "later");
    expect(line).toMatchObject({ level: 40, msg: "request failed" });
    expect(JSON.stringify(line)).toContain("ECONNREFUSED");
  });

  test("in a stream is not explained either", async () => {
    const { text } = await api.post(
      { query: "subscription { ticks }" },
      { accept: "text/event-stream" },
    );
    expect(text).toContain('"ticks":1');
    expect(text).not.toContain("hunter2");
  });
});

describe("an error that is the caller's", () => {
  test.each([
    ["{ hello", "Syntax Error"],
    ["{ nothing }", 'Cannot query field "nothing"'],
    ["query ($of: Int!) { number(of: $of) }", '"$of"'],
    ["query A { hello } query B { hello }", "operation"],
    ["{ hello @skip(if: 1) }", "Boolean"],
  ])("has the code BAD_USER_INPUT: %s", async (query, words) => {
    const { json } = await api.post({ query });
    expect(json.errors?.[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(json.errors?.[0]?.message).toContain(words);
    expect(json.errors?.[0]?.extensions).not.toHaveProperty("http");
  });

  test("does not repeat a long value, and says the reason, which comes after it", async () => {
    const query = "mutation ($of: [ThingInput!]!) { createThings(things: $of) { id } }";
    const of = [{ name: "x".repeat(10_000), nmae: 1 }];
    const { json } = await api.post({ query, variables: { of } });
    const [error] = json.errors ?? [];
    expect(error?.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(error?.message).toMatch(
      /^Variable "\$of" got invalid value \{ name: "xx[^]+xx", nmae: 1 \} at "of\[0\]"; Field "nmae" is not defined by type "ThingInput"\. Did you mean "name"\? ThingInput has name, within\.$/,
    );
    expect(error?.message.replace(/ ThingInput has.+/, "").length).toBeLessThanOrEqual(301);
  });

  test.each([
    ["with more faults than are told", { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }, 5],
    ["that is large", { name: "a", within: "x".repeat(100_000) }, 1],
  ])("is told without the value of a variable %s", async (_what, thing, count) => {
    const query = "mutation ($of: [ThingInput!]!) { createThings(things: $of) { id } }";
    const { json } = await api.post({ query, variables: { of: [thing] } });
    const [error] = json.errors ?? [];
    expect(json.errors).toHaveLength(count);
    expect(error?.message).toMatch(/^Variable "\$of" got invalid value … at "of\[0\][^"]*"; \w+ /);
    expect(new Set(json.errors?.map(({ extensions }) => extensions["code"]))).toEqual(
      new Set(["BAD_USER_INPUT"]),
    );
  });

  test.each([
    ["a field", "{ helo }", {}, 'Cannot query field "helo" on type "Query". Did you mean "hello"?'],
    [
      "a field that is like none",
      "{ page { nodes { zzz } } }",
      {},
      'Cannot query field "zzz" on type "Thing". Thing has id, name, page.',
    ],
    [
      "an argument",
      "{ hello(nam: 1) }",
      {},
      'Unknown argument "nam" on field "Query.hello". Did you mean "name"? Query.hello takes name.',
    ],
    [
      "an argument of a field that takes none",
      "{ context(zzz: 1) }",
      {},
      'Unknown argument "zzz" on field "Query.context". Query.context takes no arguments.',
    ],
    [
      "a value of an enum",
      "{ shaped(shape: oval) }",
      {},
      'Value "oval" does not exist in "Shape" enum. Shape is one of ROUND, SQUARE.',
    ],
    [
      "a value of an enum, as text",
      '{ shaped(shape: "oval") }',
      {},
      'Enum "Shape" cannot represent non-enum value: "oval". Shape is one of ROUND, SQUARE.',
    ],
    [
      "a value of an enum in a variable",
      "query ($shape: Shape) { shaped(shape: $shape) }",
      { shape: "ROUNDED" },
      'Variable "$shape" got invalid value "ROUNDED"; Value "ROUNDED" does not exist in "Shape" enum. Did you mean the enum value "ROUND"? Shape is one of ROUND, SQUARE.',
    ],
    [
      "a field of an input",
      "mutation { createThings(things: [{zzz: 1}]) { id } }",
      {},
      'Field "zzz" is not defined by type "ThingInput". ThingInput has name, within.',
    ],
    [
      "nothing for a required argument",
      "{ number }",
      {},
      'Field "number" argument "of" of type "Int!" is required, but it was not provided.',
    ],
    [
      "a variable of another type",
      "query ($of: String!) { number(of: $of) }",
      { of: "1" },
      'Variable "$of" of type "String!" used in position expecting type "Int!".',
    ],
  ])("says what is allowed in the place of %s", async (_what, query, variables, words) => {
    const { json } = await api.post({ query, variables });
    expect(json.errors?.map(({ message }) => message)).toEqual([words]);
  });

  test("lists twenty names at most", () => {
    const names = Array.from({ length: 21 }, (_, index) => `V${index}`);
    expect(saidOf(names.slice(1))).toBe(`Many is one of ${names.slice(1).join(", ")}.`);
    expect(saidOf(names)).toBe(`Many is one of ${names.slice(0, 20).join(", ")}, ….`);
  });

  test("of one field leaves the status of the others alone", async () => {
    const { status, json } = await api.post({ query: "{ hello forbidden }" }, RESPONSE_JSON);
    expect(status).toBe(200);
    expect(json.errors?.[0]?.message).toBe("This is FORBIDDEN.");
    expect(json.errors?.[0]?.extensions["code"]).toBe("FORBIDDEN");
  });

  test("of a bad credential is a 401 wherever it comes to light", async () => {
    const { status, json } = await api.post({ query: "{ unauthenticated }" });
    expect(status).toBe(401);
    expect(json.errors?.[0]?.extensions["code"]).toBe("UNAUTHENTICATED");
  });

  test("of the whole request is a 400 to a client that knows GraphQL over HTTP", async () => {
    const plain = await api.post({ query: "{ nothing }" }, { accept: "application/json" });
    const knowing = await api.post({ query: "{ nothing }" }, RESPONSE_JSON);
    expect([plain.status, knowing.status]).toEqual([200, 400]);
  });
});

test("at most five validation errors are answered", async () => {
  const { json } = await api.post({ query: `{ ${"nothing ".repeat(50)} }` });
  expect(json.errors).toHaveLength(5);
});

test("an answer that would be larger than 64 MiB is refused before its first byte", async () => {
  const { json, text } = await api.post({ query: "{ huge }" });
  expect(text.length).toBeLessThan(1000);
  expect(json.errors?.[0]?.extensions["code"]).toBe("LIMIT_EXCEEDED");
  expect(json.data).toBeUndefined();
});

describe("the id of a request", () => {
  test("is the caller's if it is harmless", async () => {
    const { json, headers } = await api.post(
      { query: "{ context }" },
      { "x-request-id": "a-1.b_2" },
    );
    expect(json.data).toEqual({ context: "a-1.b_2" });
    expect(headers.get("x-request-id")).toBe("a-1.b_2");
  });

  test.each(["", "a b", "x".repeat(65), '"><script>', "a,b"])(
    "is ours if the caller's is %j",
    async (id) => {
      const { json, headers } = await api.post({ query: "{ context }" }, { "x-request-id": id });
      expect(json.data?.["context"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(json.data?.["context"]).toBe(headers.get("x-request-id"));
    },
  );

  test("differs in two answers to one remembered mistake", async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await api.post({ query: "{ nope }" })).json.errors?.[0]?.extensions),
    );
    expect(ids[0]?.["requestId"]).not.toBe(ids[1]?.["requestId"]);
  });
});

describe("the log line of a request", () => {
  test("says what was asked, never with what", async () => {
    const query = "query Greet($name: String) { hello(name: $name) }";
    const variables = { name: "a-secret-value" };
    await api.post({ query, variables }, { "x-request-id": "line", "x-api-key": "fgk_secret" });
    await api.ask(`/graphql?query={hello}&variables=${JSON.stringify({ a: "a-secret-value" })}`);
    await expect
      .poll(() => api.log().find((line) => line["requestId"] === "line"))
      .toMatchObject({
        msg: "request",
        method: "POST",
        path: "/graphql",
        status: 200,
        ms: expect.any(Number) as number,
        operationName: "Greet",
      });
    expect(JSON.stringify(api.log())).not.toMatch(/a-secret-value|fgk_secret/);
  });
});
