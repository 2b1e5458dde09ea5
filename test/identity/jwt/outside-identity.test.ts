import { describe, expect, test } from "vitest";
import { identityOf } from "../../../src/identity/jwt/outside-identity.ts";
import type { ClaimMapping } from "../../../src/identity/jwt/trusted-issuer.ts";

const MAPPING: ClaimMapping = {
  email: "email",
  firstName: "given_name",
  lastName: "family_name",
  organization: "org.name",
  roles: "roles",
  attributes: { department: "https://example.com/department", level: "level", missing: "none" },
};

function identityWith(claims: object, mapping: Partial<ClaimMapping> = {}) {
  return identityOf(
    { sub: "1", iat: 1000, exp: 2000, ...claims },
    {
      issuer: "https://login.example.com",
      audience: "fieldgate",
      jwksUrl: "https://login.example.com/keys",
      algorithms: ["RS256"],
      maxTokenAge: 500,
      claims: { ...MAPPING, ...mapping },
    },
  );
}

const NOBODY_KNOWN = {
  subject: "1",
  issuedAt: new Date(1_000_000),
  expiresAt: new Date(1_500_000),
  email: null,
  emailVerified: false,
  firstName: null,
  lastName: null,
  organization: null,
  roles: [],
  attributes: {},
};

describe("An identity", () => {
  test("is known by its subject alone where no other claim is there", () => {
    expect(identityWith({})).toStrictEqual(NOBODY_KNOWN);
  });

  test("is known by its subject alone where no claim is mapped", () => {
    const unmapped = {
      email: null,
      firstName: null,
      lastName: null,
      organization: null,
      roles: null,
      attributes: {},
    };
    const claims = { email: "ada@example.com", email_verified: true, roles: ["a"], null: "x" };
    expect(identityWith(claims, unmapped)).toStrictEqual(NOBODY_KNOWN);
  });

  test("is known by no claim of a form that it should not have", () => {
    const wrong = {
      email: ["ada@example.com"],
      email_verified: true,
      given_name: 1,
      family_name: "a\0",
      org: { name: `Example${"\u0301".repeat(31)}` },
      roles: { a: true },
    };
    expect(identityWith(wrong)).toStrictEqual(NOBODY_KNOWN);
  });

  test("is known by what its claims say", () => {
    const claims = {
      given_name: "Ada",
      family_name: "Lovelace",
      org: { name: "Example" },
      "https://example.com/department": "engines",
      level: { of: [1, null] },
    };
    expect(identityWith(claims)).toStrictEqual({
      ...NOBODY_KNOWN,
      firstName: "Ada",
      lastName: "Lovelace",
      organization: "Example",
      attributes: { department: "engines", level: { of: [1, null] } },
    });
  });

  test("ends with its exp or its greatest age, whichever is sooner", () => {
    expect(identityWith({ exp: 1499 })?.expiresAt).toStrictEqual(new Date(1_499_000));
    expect(identityWith({ exp: 1501 })?.expiresAt).toStrictEqual(new Date(1_500_000));
  });

  test("has attributes named as what every object has, and those alone", () => {
    const attributes = JSON.parse('{"__proto__":"level","constructor":"constructor"}') as Record<
      string,
      string
    >;
    const identity = identityWith({ level: { admin: true } }, { attributes });
    expect(Object.entries(identity?.attributes ?? {})).toStrictEqual([
      ["__proto__", { admin: true }],
    ]);
    expect(identity?.attributes).not.toHaveProperty("admin");
  });
});

describe("An email", () => {
  test.each(["ada@example.com", "a@b", `${"a".repeat(242)}@example.com`])("may be %s", (email) => {
    expect(identityWith({ email })?.email).toBe(email);
  });

  test.each([
    "ada",
    "@example.com",
    "ada@",
    "ada@b@c",
    "ada @example.com",
    " ada@example.com",
    "ada@example.com\n",
    "",
    `${"a".repeat(243)}@example.com`,
  ])("is not %j", (email) => {
    expect(identityWith({ email, email_verified: true })).toStrictEqual(NOBODY_KNOWN);
  });

  const email = "ada@example.com";

  test("is verified where the issuer says true", () => {
    expect(identityWith({ email, email_verified: true })).toHaveProperty("emailVerified", true);
  });

  test.each([false, "true", 1, null, [true], undefined])(
    "is not verified by %j",
    (email_verified) => {
      expect(identityWith({ email, email_verified })).toMatchObject({
        email,
        emailVerified: false,
      });
    },
  );

  test("is not verified where the issuer verified another", () => {
    const claims = { email: "eve@example.com", email_verified: true, upn: email };
    const verdict = identityWith(claims, { email: "upn" });
    expect(verdict).toMatchObject({ email, emailVerified: false });
  });
});

describe("Roles", () => {
  test.each([
    ["a list", ["a", "b_2"]],
    ["text with a space between", "a b_2"],
    ["text with spaces around", " a  b_2 "],
    ["a list that says one twice", ["a", "b_2", "a"]],
    [
      "a list with what can be no role",
      ["a", "B", "", 1, null, ["c"], "c d", "2a", "b_2", "é", "x".repeat(64)],
    ],
  ])("are read from %s", (_what, roles) => {
    expect(identityWith({ roles })?.roles).toStrictEqual(["a", "b_2"]);
  });

  test("are a hundred at most", () => {
    const roles = Array.from({ length: 150 }, (_, at) => `role_${at}`);
    expect(identityWith({ roles: ["No role", ...roles] })?.roles).toStrictEqual(
      roles.slice(0, 100),
    );
  });
});
