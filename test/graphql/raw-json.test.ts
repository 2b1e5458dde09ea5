import { describe, expect, test } from "vitest";
import { TooLargeError } from "../../src/db/too-large-error.ts";
import { freshMemory } from "../../src/memory/spare-memory.ts";
import { RawJson } from "../../src/graphql/raw-json.ts";

const at = (...keys: readonly (string | number)[]) => {
  const paths = keys.reduce<{ prev: never; key: string | number; typename: undefined } | undefined>(
    (prev, key) => ({ prev: prev as never, key, typename: undefined }),
    undefined,
  );
  if (!paths) throw new Error("A path has a key.");
  return paths;
};

describe("JSON of the database", () => {
  test("stands in the answer where the executor saw an empty list", () => {
    const raw = new RawJson();
    const data = {
      a: {
        nodes: raw.put(at("a", "nodes"), [Buffer.from(`{"x":1},\n`), Buffer.from(`{"x":"\\""}`)]),
        after: "a",
      },
      b: [null, { nodes: raw.put(at("b", 1, "nodes"), [Buffer.from("")]) }],
    };
    expect(raw.stringify({ data }, freshMemory).toString()).toBe(
      `{"data":{"a":{"nodes":[{"x":1},\n{"x":"\\""}],"after":"a"},"b":[null,{"nodes":[]}]}}`,
    );
  });

  test("is never longer in all than an answer may be", () => {
    const raw = new RawJson();
    const half = Buffer.alloc(32 * 1024 * 1024, "1");
    raw.put(at("a", "nodes"), [half]);
    raw.put(at("b", "nodes"), [half]);
    expect(() => raw.put(at("c", "nodes"), [Buffer.from("1")])).toThrow(TooLargeError);
  });

  test("is left out where an error took its place away", () => {
    const raw = new RawJson();
    raw.put(at("a", "b", "nodes"), [Buffer.from("1")]);
    raw.put(at("c", 3, "nodes"), [Buffer.from("2")]);
    const data = { a: null, c: [], d: raw.put(at("d"), [Buffer.from("3")]) };
    expect(raw.stringify({ data }, freshMemory).toString()).toBe(
      `{"data":{"a":null,"c":[],"d":[3]}}`,
    );
    const gone = new RawJson();
    gone.put(at("a"), [Buffer.from("1")]);
    expect(gone.stringify({ data: null }, freshMemory).toString()).toBe(`{"data":null}`);
  });
});
