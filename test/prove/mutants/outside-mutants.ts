import type { Mutant } from "./mutant.ts";

const USERS = ["test/domain/issuer/outside-users.test.ts"];
const VARIABLES = ["test/domain/issuer/claimed-variables.test.ts"];
const REFUSED = ["test/domain/issuer/refused-jwts.test.ts"];
const PROMISED = ["test/domain/issuer/promised-by-jwt.test.ts"];
const TRUSTED = ["test/domain/issuer/trusted-issuer.test.ts"];
const DOWN = ["test/domain/issuer/issuer-down.test.ts"];
const VERIFIED = ["test/identity/jwt/outside-verifier.test.ts"];

/** Sabotages of what is believed of JWTs of outside identity providers, and of whom they make of a caller. */
export const OUTSIDE_MUTANTS: readonly Mutant[] = [
  {
    name: "whatever issuer makes administrators",
    file: "src/identity/outside/find-outside.ts",
    from: "r.built_in = 'ADMINISTRATOR' AND i.may_administrate",
    to: "r.built_in = 'ADMINISTRATOR'",
    tests: USERS,
  },
  {
    name: "what is for the public is claimed",
    file: "src/identity/outside/find-outside.ts",
    from: "(r.built_in IS NULL OR r",
    to: "(r.built_in IS DISTINCT FROM 'ADMINISTRATOR' OR r",
    tests: USERS,
  },
  {
    name: "roles are claimed that nobody claimed",
    file: "src/identity/outside/find-outside.ts",
    from: "r.name = ANY (${claimed.roles}::text[])\n                 AND ",
    to: "",
    tests: USERS,
  },
  {
    name: "a JWT takes away the roles that the user has by itself",
    file: "src/identity/outside/find-outside.ts",
    from: "OR r.id IN (",
    to: "OR cardinality(${claimed.roles}::text[]) = 0 AND r.id IN (",
    tests: USERS,
  },
  {
    name: "what was promised to a JWT is done after it",
    file: "src/identity/outside/find-outside.ts",
    from: 'claimed.until > now ? "ACTIVE" : "EXPIRED"',
    to: '"ACTIVE"',
    tests: PROMISED,
  },
  {
    name: "a deleted user is who a JWT says",
    file: "src/identity/outside/find-outside.ts",
    from: '  if (deleted_at !== null) return "DELETED";\n',
    to: "",
    also: [
      {
        file: "src/provisioning/prove-outside.ts",
        from: '  if (user?.isDeleted) throw refuse("DELETED", encodeId("User", user.id));\n',
        to: "",
      },
    ],
    tests: USERS,
  },
  {
    name: "a trust that was changed or taken back counts in what it began",
    file: "src/identity/outside/identify-outside.ts",
    from: "if (!found.is_trusted) {",
    to: "if (!found) {",
    tests: [...TRUSTED, ...PROMISED],
  },
  {
    name: "a changed trust is the same trust",
    file: "src/domain/issuer/issuer-mutations.ts",
    from: "      revision: newUuid(),\n",
    to: "",
    tests: [...TRUSTED, ...PROMISED],
  },
  {
    name: "an issuer is trusted by whoever could not give as much",
    file: "src/domain/issuer/issuer-mutations.ts",
    from: "permissions: new Set([GRANT_ANY])",
    to: "permissions: new Set()",
    tests: TRUSTED,
  },
  {
    name: "an address counts that the issuer does not vouch for",
    file: "src/identity/jwt/outside-identity.ts",
    from: ' && claims["email_verified"] === true',
    to: "",
    tests: VARIABLES,
  },
  {
    name: "an address counts that is vouched for in other words",
    file: "src/identity/jwt/outside-identity.ts",
    from: 'claims["email_verified"] === true',
    to: 'Boolean(claims["email_verified"])',
    tests: [...VARIABLES, "test/identity/jwt/outside-identity.test.ts"],
  },
  {
    name: "an address counts that another claim says",
    file: "src/identity/jwt/outside-identity.ts",
    from: 'email === claims["email"] && ',
    to: "",
    tests: ["test/identity/jwt/outside-identity.test.ts"],
  },
  {
    name: "an attribute stays that the issuer has taken away",
    file: "src/provisioning/outside-profile.ts",
    from: ".filter(([name]) => !names.has(name))",
    to: "",
    tests: VARIABLES,
  },
  {
    name: "a claim that is no value of its attribute is one",
    file: "src/provisioning/outside-profile.ts",
    from: "return faults.length > 0 ? [] : Object.entries(values);",
    to: "return faults.length > 0 ? [[name, String(claims[name])] as const] : Object.entries(values);",
    tests: VARIABLES,
  },
  {
    name: "what row filters name changes beside the rights",
    file: "src/provisioning/kept-user.ts",
    from: "if (!grantsSame(user, profile, named)) await moveRights(transaction, tenantId);",
    to: "void [grantsSame, moveRights];",
    tests: VARIABLES,
  },
  {
    name: "an older JWT brings back what was taken away",
    file: "src/provisioning/kept-user.ts",
    from: "return isOutdated ? user : profileBy(verified, user);",
    to: "return isOutdated && user.isDeleted ? user : profileBy(verified, user);",
    tests: VARIABLES,
  },
  {
    name: "what a JWT says again is as old as when it was first said",
    file: "src/provisioning/kept-user.ts",
    from: "if (isKept && !isLater(verified, user)) return user.id;",
    to: "if (isKept) return user.id;",
    tests: VARIABLES,
  },
  {
    name: "a user is registered by an issuer that is distrusted meanwhile",
    file: "src/provisioning/kept-user.ts",
    from: "  const known = await knownByNow(verified, writing);\n  const { issuer } = verified.trust;\n",
    to: "  const { known } = verified;\n  const { issuer } = verified.trust;\n",
    tests: TRUSTED,
  },
  {
    name: "a JWT for somebody else's API is accepted",
    file: "src/identity/jwt/outside-verifier.ts",
    from: "        audience: trusted.audience,\n",
    to: "",
    tests: VERIFIED,
  },
  {
    name: "a JWT by another issuer with the same keys is accepted",
    file: "src/identity/jwt/outside-verifier.ts",
    from: "        issuer: trusted.issuer,\n",
    to: "",
    tests: VERIFIED,
  },
  {
    name: "a JWT without its times is accepted",
    file: "src/identity/jwt/outside-verifier.ts",
    from: 'requiredClaims: ["exp", "iat", "sub"]',
    to: 'requiredClaims: ["sub"]',
    tests: VERIFIED,
  },
  {
    name: "a JWT lives for as long as it says",
    file: "src/identity/jwt/outside-verifier.ts",
    from: "        maxTokenAge: trusted.maxTokenAge,\n",
    to: "",
    also: [
      {
        file: "src/identity/jwt/outside-identity.ts",
        from: "Math.min(Number(exp), Number(iat) + maxTokenAge)",
        to: "Math.max(Number(exp), Number(iat) * 0 * maxTokenAge)",
      },
    ],
    tests: VERIFIED,
  },
  {
    name: "a JWT is good beyond its end for as long as clocks may differ",
    file: "src/identity/jwt/outside-verifier.ts",
    from: "if (identity.expiresAt > now) return identity;",
    to: "if (identity) return identity;",
    tests: [...VERIFIED, ...REFUSED],
  },
  {
    name: "a token for something else than to say who calls is accepted",
    file: "src/identity/jwt/outside-verifier.ts",
    from: "if (isOfOtherKind(claims))",
    to: "if (isOfOtherKind({}) || claims === null)",
    tests: VERIFIED,
  },
  {
    name: "whatever the header calls it, it is a JWT",
    file: "src/identity/jwt/jwt-fault.ts",
    from: 'if (type !== undefined && !TYPES.has(mediaType(type))) return "TYPE";',
    to: 'if (type === null && !TYPES.has(mediaType(type))) return "TYPE";',
    tests: VERIFIED,
  },
  {
    name: "an issuer signs in whatever way",
    file: "src/identity/jwt/jwt-fault.ts",
    from: 'return isTrusted ? null : "ALGORITHM";',
    to: 'return isTrusted || algorithm !== "none" ? null : "ALGORITHM";',
    also: [
      {
        file: "src/identity/jwt/outside-verifier.ts",
        from: "        algorithms: [...trusted.algorithms],\n",
        to: "",
      },
    ],
    tests: VERIFIED,
  },
  {
    name: "keys that anybody can factor are keys",
    file: "src/identity/jwt/issuer-keys.ts",
    from: "Number(algorithm.modulusLength) >= SHORTEST_RSA",
    to: "SHORTEST_RSA > 0",
    tests: [...VERIFIED, "test/identity/jwt/issuer-keys.test.ts"],
  },
  {
    name: "keys that are out of reach are asked for at each request",
    file: "src/identity/jwt/issuer-keys.ts",
    from: "this.#pausedUntil = now().getTime() + RETRY_AFTER;",
    to: "this.#pausedUntil = now().getTime() - RETRY_AFTER;",
    tests: ["test/identity/jwt/issuer-keys.test.ts"],
  },
  {
    name: "an issuer that is down makes its users strangers",
    file: "src/provisioning/prove-outside.ts",
    from: "throw error instanceof IssuerUnavailableError ? new IssuerDownError(tenantId, error) : error;",
    to: 'throw error instanceof IssuerUnavailableError ? refused({ tenantId, target: null, reason: "JWT_UNAVAILABLE" }) : error;',
    tests: DOWN,
  },
  {
    name: "keys are fetched from the machines beside this one",
    file: "src/identity/jwt/public-address.ts",
    from: '    ["10.0.0.0", 8],\n',
    to: "",
    tests: ["test/identity/jwt/public-address.test.ts"],
  },
];
