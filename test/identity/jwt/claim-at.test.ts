import { describe, expect, test } from "vitest";
import { claimAt, type Claims, textOf } from "../../../src/identity/jwt/claim-at.ts";

const claims = JSON.parse(`{
  "email": "ada@example.com",
  "nothing": null,
  "realm_access": { "roles": ["curator"] },
  "realm_access.groups": ["whole"],
  "resource_access": { "my.client": { "roles": ["a"] }, "my": { "client": { "groups": ["b"] } } },
  "https://example.com/roles": ["url"],
  "https://example.com/app": { "roles": ["within"] },
  "a.b": { "c": 1 },
  "a": { "b.c": 2, "b": { "d": 3 } },
  "__proto__": { "role": "own" },
  "": { "": "empty" }
}`) as Claims;

describe("A claim", () => {
  test.each([
    ["email", "ada@example.com"],
    ["nothing", null],
    ["realm_access.roles", ["curator"]],
    ["realm_access.groups", ["whole"]],
    ["resource_access.my.client.roles", ["a"]],
    ["resource_access.my.client.groups", ["b"]],
    ["https://example.com/roles", ["url"]],
    ["https://example.com/app.roles", ["within"]],
    ["a.b.c", 1],
    ["a.b.d", 3],
    ["__proto__.role", "own"],
  ])("is found at %s", (path, claim) => {
    expect(claimAt(claims, path)).toStrictEqual(claim);
  });

  test.each([
    "emails",
    "email.length",
    "realm_access.roles.0",
    "realm_access.roles.length",
    "realm_access.roles.map",
    "nothing.more",
    "constructor",
    "constructor.name",
    "toString",
    "realm_access.hasOwnProperty",
    "realm_access.__proto__",
    "realm_access.__proto__.toString",
    "realm_access.constructor.name",
    "realm_access.",
    ".realm_access",
    "realm_access..roles",
    ".",
    "..",
  ])("is not found at %s, where there is none", (path) => {
    expect(claimAt(claims, path)).toBeUndefined();
  });

  test("is the one with the longest name, where the path can be read in several ways", () => {
    expect(claimAt({ a: { b: { c: 1 }, "b.c": 2 }, "a.b": { c: 3 } }, "a.b.c")).toBe(3);
    expect(claimAt({ a: { b: { c: 1 }, "b.c": 2 } }, "a.b.c")).toBe(2);
  });

  test("is soon known not to be there, however long the path", () => {
    const dots = "a.".repeat(8000);
    expect(claimAt({ a: { a: { a: {} }, "a.a": {} }, "a.a": { a: {} } }, dots)).toBeUndefined();
  });
});

describe("The text of a claim", () => {
  test.each(["a", "ä", "日本", "👩‍🚀", " a ", "a".repeat(9)])("is %j", (text) => {
    expect(textOf(text, 9)).toBe(text);
  });

  test.each([
    ["empty", ""],
    ["too long", "a".repeat(10)],
    ["with NUL", "a\0"],
    ["with a line break", "a\nb"],
    ["with half a character", "a\ud800"],
    ["no text", 1],
    ["a list of texts", ["a"]],
    ["null", null],
    ["not there", undefined],
  ])("is none where it is %s", (_what, claim) => {
    expect(textOf(claim, 9)).toBeNull();
  });
});
