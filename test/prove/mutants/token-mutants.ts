import type { Mutant } from "./mutant.ts";

const CONDITIONS = ["test/domain/access-token/conditions.test.ts"];
const ON_CREATE = ["test/domain/access-token/conditions-on-create.test.ts"];
const LIFETIME = ["test/domain/access-token/lifetime.test.ts"];
const COOKIE = ["test/domain/access-token/cookie.test.ts"];
const DPOP = ["test/domain/access-token/dpop.test.ts"];

const ANDED = ".map((branch) => restricted(branch, rights, guarded))";

/** Sabotages of access tokens: what they reach, and from which browser. */
export const TOKEN_MUTANTS: readonly Mutant[] = [
  ...["READ", "CREATE", "UPDATE", "DELETE"].map((action) => ({
    name: `the conditions of a token are not asked of ${action}`,
    file: "src/authz/access-plan.ts",
    from: ANDED,
    to: `.map((branch) => (action === "${action}" ? branch : restricted(branch, rights, guarded)))`,
    tests: ["test/authz/restriction.test.ts"],
  })),
  {
    name: "one condition of several is enough",
    file: "src/authz/restriction.ts",
    from: 'rows: normalForm({ kind: "all", of })',
    to: 'rows: normalForm({ kind: "any", of })',
    tests: CONDITIONS,
  },
  {
    name: "a dataset that a token neither names nor lists is reached",
    file: "src/authz/access-plan.ts",
    from: 'if (restriction && !restriction.has(datasetId)) return "RESTRICTED";',
    to: "",
    tests: CONDITIONS,
  },
  {
    name: "a condition tells of cells that the key does not read",
    file: "src/domain/access-token/token-conditions.ts",
    from: "if (rowsSeen(dataset.plan).every((rows) => read.has(rows))) return;",
    to: "if (read.size > 0) return;",
    tests: ["test/domain/access-token/condition-input.test.ts"],
  },
  {
    name: "what a condition sets is not written",
    file: "src/domain/row/write/create-rows.ts",
    from: "new Map([...byDefault, ...cellsOfConditions(dataset)])",
    to: "new Map(byDefault)",
    tests: ON_CREATE,
  },
  {
    name: "a default stands before what a condition sets",
    file: "src/domain/row/write/create-rows.ts",
    from: "new Map([...byDefault, ...cellsOfConditions(dataset)])",
    to: "new Map([...cellsOfConditions(dataset), ...byDefault])",
    tests: ON_CREATE,
  },
  {
    name: "a new row says another value than a condition sets",
    file: "src/domain/row/row-rights.ts",
    from: "(set === null || compareOperands(column.type, set, value) !== 0)",
    to: "set === null",
    tests: ON_CREATE,
  },
  {
    name: "a new row says no value where a condition sets one",
    file: "src/domain/row/row-rights.ts",
    from: "(set === null || compareOperands(column.type, set, value) !== 0)",
    to: "set !== null && compareOperands(column.type, set, value) !== 0",
    tests: ON_CREATE,
  },
  {
    name: "a token with conditions hands out what its key may",
    file: "src/access/delegation.ts",
    from: "if (held.restriction) {",
    to: "if (held.restriction?.size === 0) {",
    tests: ["test/domain/access-token/hands-out-nothing.test.ts"],
  },
  {
    name: "a token has all roles of its key, whichever it names",
    file: "src/identity/token/find-token.ts",
    from: "AND (a.role_ids IS NULL OR r.id = ANY (a.role_ids))",
    to: "",
    tests: ["test/domain/access-token/create-access-token.test.ts"],
  },
  {
    name: "a token that was revoked is accepted",
    file: "src/identity/token/find-token.ts",
    from: '  if (revoked_at !== null) return "REVOKED";\n',
    to: "",
    also: [
      {
        file: "src/identity/token/find-token.ts",
        from: "AND a.revoked_at IS NULL AND k.revoked_at IS NULL",
        to: "AND k.revoked_at IS NULL",
      },
    ],
    tests: LIFETIME,
  },
  {
    name: "a token that is used does not end",
    file: "src/identity/token/find-token.ts",
    from: '  if (expires_at <= now) return "EXPIRED";\n',
    to: "",
    tests: LIFETIME,
  },
  {
    name: "a token is accepted whatever its secret",
    file: "src/identity/token/identify-token.ts",
    from: '  if (!isProved) return "WRONG_SECRET";\n',
    to: "",
    also: [
      {
        file: "src/identity/token/find-token.ts",
        from: "${hash}::bytea = a.secret_hash",
        to: "true",
      },
    ],
    tests: COOKIE,
  },
  {
    name: "a token is accepted in another tenant than it names",
    file: "src/identity/token/identify-token.ts",
    from: '  if (isOfOther(found, asking)) return "OTHER_TENANT";\n',
    to: "",
    tests: COOKIE,
  },
  {
    name: "what a token narrows itself to is ignored",
    file: "src/identity/token/find-token.ts",
    from: "narrow(found.roles.map(roleOf), narrowedTo)",
    to: "found.roles.map(roleOf)",
    tests: ["test/domain/access-token/create-access-token.test.ts"],
  },
  {
    name: "a token of a revoked key is accepted",
    file: "src/identity/token/find-token.ts",
    from: "if (key_revoked_at !== null || (key_expires_at",
    to: "if ((key_expires_at",
    tests: LIFETIME,
  },
  {
    name: "a token of a key that has ended is accepted",
    file: "src/identity/token/find-token.ts",
    from: "key_expires_at !== null && key_expires_at <= now",
    to: "key_expires_at !== null && false",
    tests: LIFETIME,
  },
  {
    name: "a token does not end by lying unused",
    file: "src/identity/token/find-token.ts",
    from: "used.getTime() + idle_seconds * 1_000 > now.getTime()",
    to: "used.getTime() + idle_seconds * 1_000 > 0",
    tests: LIFETIME,
  },
  {
    name: "the last of several first uses has the token",
    file: "src/identity/token/bind-token.ts",
    from: "AND id = ${id}::uuid AND bound_to IS NULL",
    to: "AND id = ${id}::uuid",
    tests: ["test/app/security/first-use.test.ts"],
  },
  {
    name: "a token that is bound by a proof is taken from a bearer, and the other way round",
    file: "src/identity/token/identify-token.ts",
    from: 'if (possession.binding !== found.binding) return "OTHER_BINDING";',
    to: "",
    tests: DPOP,
  },
  {
    name: "another browser than the first is accepted",
    file: "src/identity/token/identify-token.ts",
    from: 'return isHeld ? null : "OTHER_BROWSER";',
    to: "return isHeld ? null : null;",
    tests: COOKIE,
  },
  {
    name: "a proof is accepted twice",
    file: "src/identity/token/possess.ts",
    from: "if (!(await rememberProof(transaction, token, proof, now))) {",
    to: "if (!(await rememberProof(transaction, token, proof, now)) && proof === null) {",
    tests: DPOP,
  },
];
