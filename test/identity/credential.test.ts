import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CredentialError,
  narrowedRoles,
  presentedCredential,
} from "../../src/identity/credential.ts";
import { newKeyText } from "../../src/identity/secret/key-text.ts";

const TENANT = "0192f3a1-b2c3-7d4e-8f00-112233445566";
const KEY = "0192f3a1-b2c4-7000-8000-00000000000f";
const { text, hash } = newKeyText(TENANT, KEY);
const other = newKeyText(TENANT, KEY).text;

const key = { tenantId: TENANT, keyId: KEY, hash };
const of = (...headers: [string, string][]) => presentedCredential(new Headers(headers));

describe("the one credential of a request", () => {
  test.each([
    ["X-API-Key", text],
    ["x-api-key", ` ${text}\t`],
    ["Authorization", `Bearer ${text}`],
    ["authorization", `bearer ${text}`],
    ["AUTHORIZATION", `BEARER    ${text}`],
  ])("is presented as %s", (name, value) => {
    expect(of([name, value])).toStrictEqual({ kind: "key", key, tenantSlug: null });
  });

  test("is none where nothing is presented", () => {
    expect(of()).toStrictEqual({ kind: "none", tenantSlug: null });
    expect(of(["cookie", `x-api-key=${text}`])).toStrictEqual({ kind: "none", tenantSlug: null });
  });

  test.each([
    [
      "both headers",
      [
        ["x-api-key", text],
        ["authorization", `Bearer ${text}`],
      ],
    ],
    [
      "both headers, one of them wrong",
      [
        ["x-api-key", text],
        ["authorization", "Basic eA=="],
      ],
    ],
    [
      "both headers, one of them empty",
      [
        ["x-api-key", ""],
        ["authorization", `Bearer ${text}`],
      ],
    ],
    [
      "two keys in a header",
      [
        ["x-api-key", text],
        ["x-api-key", other],
      ],
    ],
    [
      "the same key twice",
      [
        ["x-api-key", text],
        ["x-api-key", text],
      ],
    ],
    [
      "two bearers",
      [
        ["authorization", `Bearer ${text}`],
        ["authorization", `Bearer ${other}`],
      ],
    ],
    ["a list of keys", [["x-api-key", `${text}, ${other}`]]],
    ["an empty key", [["x-api-key", ""]]],
    ["an empty header", [["authorization", ""]]],
    ["a scheme alone", [["authorization", "Bearer"]]],
    ["another scheme", [["authorization", `DPoP ${text}`]]],
    ["no scheme", [["authorization", text]]],
    ["a scheme in the wrong header", [["x-api-key", `Bearer ${text}`]]],
    ["quotes", [["authorization", `Bearer "${text}"`]]],
    ["a mistyped key", [["x-api-key", `${text.slice(0, -1)}!`]]],
  ] as [string, [string, string][]][])("is refused: %s", (_what, headers) => {
    expect(() => of(...headers)).toThrow(CredentialError);
  });

  test("is never something else by whatever else is sent", () => {
    const header = fc.tuple(
      fc.constantFrom("x-api-key", "authorization"),
      fc.string({ unit: fc.constantFrom(..."Bearer fgk_0Az,;=\"'é\t".split("")) }),
    );
    fc.assert(
      fc.property(fc.array(header, { minLength: 1, maxLength: 3 }), (headers) => {
        expect(() => of(...headers)).toThrow(CredentialError);
      }),
      { numRuns: 2_000 },
    );
  });
});

const slugOf = (slug: string, ...headers: [string, string][]) =>
  of(["x-fieldgate-tenant", slug], ...headers).tenantSlug;

const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
const jwt = `${part({ alg: "RS256" })}.${part({ iss: "issuer", aud: "api", sub: "1" })}.AAAA`;

describe("the JWT of an outside identity provider", () => {
  test("is a bearer, with what it says of itself", () => {
    expect(of(["authorization", `Bearer ${jwt}`])).toStrictEqual({
      kind: "jwt",
      jwt: { text: jwt, issuer: "issuer", subject: "1", audiences: ["api"] },
      tenantSlug: null,
    });
  });

  test.each([
    ["a key", [["x-api-key", jwt]]],
    ["a token beside a proof", [["authorization", `DPoP ${jwt}`]]],
    [
      "one of two",
      [
        ["authorization", `Bearer ${jwt}`],
        ["x-api-key", text],
      ],
    ],
    ["another, too", [["authorization", `Bearer ${jwt}, Bearer ${jwt}`]]],
    ["one that names no issuer", [["authorization", `Bearer ${part({})}.${part({})}.AAAA`]]],
  ] as [string, [string, string][]][])("is not presented as %s", (_what, headers) => {
    expect(() => of(...headers)).toThrow(CredentialError);
  });

  test("is of the tenant that the request names, and of nobody's where that can be none", () => {
    expect(slugOf("acme", ["authorization", `Bearer ${jwt}`])).toBe("acme");
    expect(slugOf("Acme", ["authorization", `Bearer ${jwt}`])).toBe("");
  });
});

describe("the tenant of a request", () => {
  test("is named by a header", () => {
    expect(slugOf("acme")).toBe("acme");
    expect(slugOf("acme", ["x-api-key", text])).toBe("acme");
  });

  test.each(["", "Acme", "a b", "a,b", "1a", "_a", "a".repeat(64), "ä", "a\u00e9", "a;"])(
    "that is called %j is nobody's, and not left out",
    (slug) => {
      expect(slugOf(slug)).toBe("");
    },
  );

  test("named twice is nobody's", () => {
    expect(slugOf("acme", ["x-fieldgate-tenant", "acme"])).toBe("");
  });

  test("named beside a key is kept as it is, to be compared", () => {
    expect(slugOf("Acme", ["x-api-key", text])).toBe("Acme");
  });
});

const rolesOf = (...values: string[]) =>
  narrowedRoles(new Headers(values.map((value) => ["x-fieldgate-roles", value])));

describe("the roles that a request narrows itself to", () => {
  test("are all of them where it names none", () => {
    expect(rolesOf()).toBeNull();
  });

  test("are listed with commas, spaces left out", () => {
    expect(rolesOf("a")).toStrictEqual(["a"]);
    expect(rolesOf("a,b")).toStrictEqual(["a", "b"]);
    expect(rolesOf(" a ,\tb ")).toStrictEqual(["a", "b"]);
    expect(rolesOf("a", "b")).toStrictEqual(["a", "b"]);
  });

  test("contain the empty name where the list is empty or ends with a comma, which nobody holds", () => {
    expect(rolesOf("")).toStrictEqual([""]);
    expect(rolesOf("a,")).toStrictEqual(["a", ""]);
  });
});
