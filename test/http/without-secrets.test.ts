import { describe, expect, test } from "vitest";
import { newKeyText } from "../../src/identity/secret/key-text.ts";
import { withoutSecrets } from "../../src/http/without-secrets.ts";

const ID = "0192f3a1-b2c3-7d4e-8f00-112233445566";
const KEY = newKeyText(ID, ID).text;

describe("a text that repeats what was sent", () => {
  test.each([
    ["a key", `No column "${KEY}".`, 'No column "fgk_…".'],
    ["a key that is cut off", `x ${KEY.slice(0, 40)}! y`, "x fgk_…! y"],
    ["two of them", `/${KEY}/${KEY}`, "/fgk_…/fgk_…"],
    ["a JWT", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "Bearer eyJ…"],
    ["the mark of a device", `fgd_${ID}.lzk2.${"s".repeat(43)}`, "fgd_…"],
    ["a password", '{ email: "a", password: "hunter \\" 2" }', '{ email: "a", password: "…" }'],
    ["some passwords", '{ passwords: ["one]", "two"], a: 1 }', '{ passwords: "…", a: 1 }'],
    ["a secret", '{ systemSecret: "s", newToken: "t" }', '{ systemSecret: "…", newToken: "…" }'],
    [
      "a password of the wrong type",
      'Variable "$a" got invalid value ["one"] at "a.password"; String cannot represent a non string value: ["one"]',
      'Variable "$a" got invalid value … at "a.password"; It is of the wrong type.',
    ],
    [
      "a text of the wrong type",
      'String cannot represent a non string value: ["one"]',
      "String cannot represent a non string value: …",
    ],
  ])("does not repeat %s", (_what, text, expected) => {
    expect(withoutSecrets(text)).toBe(expected);
  });

  test.each([
    'No column "fgk".',
    "/graphql",
    "An fgk_short is none.",
    'Variable "$a" got invalid value "x" at "a.first"; Int cannot represent non-integer value: "x"',
    "The password is wrong: try another.",
  ])("repeats what is none: %s", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  test("is soon read, however long it is", () => {
    const begun = performance.now();
    for (const piece of ["password", 'password: "', ' at "a.password', "fgk_", 'token: ["']) {
      const text = `Variable "$a" got invalid value ${piece.repeat(1_000_000)}`;
      expect(withoutSecrets(text).length).toBeLessThan(10_000);
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
