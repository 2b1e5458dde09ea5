import type { Mutant } from "./mutant.ts";

const SESSIONS = ["test/domain/session/sessions.test.ts"];
const PRESENTED = ["test/domain/session/presented-sessions.test.ts"];
const LOGIN = ["test/domain/session/login.test.ts"];
const ATTEMPTS = ["test/domain/session/bounded-attempts.test.ts"];
const RACES = ["test/domain/session/login-races.apart.test.ts"];
const ATTRIBUTES = ["test/domain/user/attributes.test.ts"];
const PASSWORD = ["test/identity/secret/password.test.ts"];
const USERS = ["test/domain/user/users.test.ts"];

/** Sabotages of sessions: who begins them and with what, whom they act as, and how they end. */
export const IDENTITY_MUTANTS: readonly Mutant[] = [
  {
    name: "a session that was ended is accepted",
    file: "src/identity/session/find-session.ts",
    from: '  if (ended_at !== null) return "REVOKED";\n',
    to: "",
    tests: SESSIONS,
  },
  {
    name: "a session is accepted after its time",
    file: "src/identity/session/find-session.ts",
    from: 'expires_at > now ? "ACTIVE" : "EXPIRED"',
    to: 'expires_at > now ? "ACTIVE" : "ACTIVE"',
    tests: LOGIN,
  },
  {
    name: "the session of a deleted user is accepted",
    file: "src/identity/session/find-session.ts",
    from: '  if (deleted_at !== null) return "DELETED";\n',
    to: "",
    also: [
      {
        file: "src/domain/user/user-mutations.ts",
        from: "  await endSessions(context, user);\n",
        to: "",
      },
    ],
    tests: SESSIONS,
  },
  {
    name: "a session is accepted whatever its secret",
    file: "src/identity/session/identify-session.ts",
    from: '  if (!isProved) return "WRONG_SECRET";\n',
    to: "",
    tests: PRESENTED,
  },
  {
    name: "a session is accepted in another tenant than it names",
    file: "src/identity/session/identify-session.ts",
    from: 'return isOfOther(found, asking) ? "OTHER_TENANT" : null;',
    to: "return null;",
    tests: PRESENTED,
  },
  {
    name: "users have no role in common",
    file: "src/identity/find-user.ts",
    from: "r.built_in = 'AUTHENTICATED' OR r.id IN",
    to: "r.id IN",
    tests: SESSIONS,
  },
  {
    name: "an address that nobody proved is a value in row filters",
    file: "src/identity/find-user.ts",
    from: "email !== null && email_verified ?",
    to: "email !== null ?",
    tests: ATTRIBUTES,
  },
  {
    name: "what a user narrows itself to is ignored",
    file: "src/identity/find-user.ts",
    from: "roles: narrow(found.roles.map(roleOf), narrowedTo),",
    to: "roles: found.roles.map(roleOf),",
    tests: SESSIONS,
  },
  {
    name: "the front door opens without the secret",
    file: "src/identity/identify-at-front-door.ts",
    from: '  if (!isProved) throw refused({ tenantId, target: null, reason: "WRONG_SECRET" });\n',
    to: "",
    tests: LOGIN,
  },
  {
    name: "anybody registers in every tenant",
    file: "src/identity/identify-at-front-door.ts",
    from: '...(open_registration ? ["user::register"] : [])',
    to: '"user::register"',
    tests: USERS,
  },
  {
    name: "the mark of a device is worth as much with another account",
    file: "src/identity/login/device-mark.ts",
    from: 'JSON.stringify(["device", userId, passwordHash, body])',
    to: 'JSON.stringify(["device", "", "", body])',
    tests: LOGIN,
  },
  {
    name: "a device is known for ever",
    file: "src/identity/login/device-mark.ts",
    from: "> now.getTime() ? id : null",
    to: "> 0 ? id : null",
    tests: ATTEMPTS,
  },
  {
    name: "attempts are counted and nobody minds",
    file: "src/access/attempts.ts",
    from: "if (await countAttempt(context.transaction, attempt, context.now)) return;",
    to: "if ((await countAttempt(context.transaction, attempt, context.now)) || attempt) return;",
    tests: LOGIN,
  },
  {
    name: "whoever comes from many addresses has ten attempts from each",
    file: "src/identity/login/login-attempts.ts",
    from: 'named("account", purpose, account, deviceId)',
    to: 'named("account", purpose, account, deviceId ?? ip)',
    tests: ATTEMPTS,
  },
  {
    name: "attempts at many accounts from one address are not bounded",
    file: "src/identity/login/login-attempts.ts",
    from: "const isKnown = deviceId !== null || ip === null;",
    to: "const isKnown = deviceId !== null || ip !== undefined;",
    tests: ATTEMPTS,
  },
  {
    name: "a device that an account knows is held up by its address",
    file: "src/identity/login/login-attempts.ts",
    from: "const isKnown = deviceId !== null || ip === null;",
    to: "const isKnown = ip === null;",
    tests: ATTEMPTS,
  },
  {
    name: "a service account is logged out after a while",
    file: "src/domain/session/login.ts",
    from: "const expiresAt = user.isService ? null : new",
    to: "const expiresAt = new",
    tests: LOGIN,
  },
  {
    name: "attempts that succeeded count against their address",
    file: "src/domain/session/login.ts",
    from: "  await forgiveAddress(transaction, attempt, now);\n",
    to: "",
    tests: LOGIN,
  },
  {
    name: "a login succeeds with any password",
    file: "src/domain/session/login.ts",
    from: "    if (!isRight) throw wrong(user);\n",
    to: "",
    tests: LOGIN,
  },
  {
    name: "a password is hashed for next to nothing",
    file: "src/identity/secret/password.ts",
    from: "memoryCost: 19_456, timeCost: 2",
    to: "memoryCost: 1_024, timeCost: 1",
    tests: PASSWORD,
  },
  {
    name: "a password is another from another keyboard",
    file: "src/identity/secret/password.ts",
    from: "hash(normal(password), COST)",
    to: "hash(password, COST)",
    tests: PASSWORD,
  },
  {
    name: "a password that many people have is good enough",
    file: "src/identity/secret/password.ts",
    from: "COMMON.has(plain) || isRepeated(plain)",
    to: "isRepeated(plain)",
    tests: USERS,
  },
  {
    name: "a login begins a session though the password changed meanwhile",
    file: "src/domain/session/login.ts",
    from: "!user || user.passwordHash !== tried.passwordHash",
    to: "!user",
    tests: RACES,
  },
  {
    name: "whoever logs out ends sessions of others",
    file: "src/domain/session/session-mutations.ts",
    from: "where: { tenantId: tenant.id, userId, endedAt: null,",
    to: "where: { tenantId: tenant.id, ...(everywhere && { userId }), endedAt: null,",
    tests: SESSIONS,
  },
  {
    name: "logging out everywhere logs everybody out",
    file: "src/domain/session/session-mutations.ts",
    from: "where: { tenantId: tenant.id, userId, endedAt: null,",
    to: "where: { tenantId: tenant.id, ...(!everywhere && { userId }), endedAt: null,",
    tests: SESSIONS,
  },
  {
    name: "sessions of others are shown by their ids",
    file: "src/domain/session/session-loaders.ts",
    from: "session && (isOwn(session, context) || seesOthers(context))",
    to: "session && (isUser || isOwn(session, context) || seesOthers(context))",
    tests: SESSIONS,
  },
  {
    name: "sessions are begun of people",
    file: "src/domain/session/session-mutations.ts",
    from: "if (!user.isService)\n",
    to: "if (user.deletedAt)\n",
    tests: SESSIONS,
  },
  {
    name: "sessions are begun of users who hold more",
    file: "src/domain/session/session-mutations.ts",
    from: "  await requireNoLessThan(\n    context,\n    user.roles.map(({ role }) => role),\n  );\n",
    to: "",
    tests: SESSIONS,
  },
  {
    name: "what was denied at a front door is told where its caller is known",
    file: "src/graphql/notes.ts",
    from: "this.#addOnce(this.#doer, denialOf(error.missing, permission));",
    to: "this.#addOnce(this.#caller, denialOf(error.missing, permission));",
    tests: ["test/domain/event/front-door.test.ts"],
  },
  {
    name: "of the front doors that did not open one is told",
    file: "src/caller-transactions.ts",
    from: "if (entrance || !isRefused) refusals.push(error);",
    to: "if (refusals.length === 0) refusals.push(error);",
    tests: ["test/domain/event/front-door.test.ts"],
  },
  {
    name: "strangers register after that was closed",
    file: "src/domain/tenant/tenant-mutations.ts",
    from: "    changesRights: true,\n",
    to: "",
    tests: ["test/domain/tenant/tenant.test.ts"],
  },
];
