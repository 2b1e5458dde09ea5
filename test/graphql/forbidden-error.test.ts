import { describe, expect, test } from "vitest";
import type { Guarded } from "../../src/authz/access-plan.ts";
import type { Lacking } from "../../src/authz/missing.ts";
import type { Rights } from "../../src/authz/rights.ts";
import { type Role, STRANGER } from "../../src/authz/role.ts";
import { ForbiddenError } from "../../src/graphql/forbidden-error.ts";

const role = (name: string, ...permissions: string[]): Role => ({
  id: name,
  name,
  builtIn: null,
  permissions: new Set(permissions),
  defaults: new Set(),
});

const key = (...roles: Role[]): Rights => ({
  principal: { kind: "KEY", tenantId: "tenant", id: "key", name: "" },
  roles,
  variables: new Map(),
  readOnly: false,
});
const publishable = (...roles: Role[]): Rights => ({
  ...key(...roles),
  variables: new Map(),
  readOnly: true,
});
const everybody: Rights = {
  principal: { kind: "ANONYMOUS", tenantId: "tenant", id: null, name: "" },
  roles: [STRANGER],
  variables: new Map(),
  readOnly: true,
};

const permission = (name: string): Lacking => ({ gate: "PERMISSION", name });
const staff: Guarded = {
  datasetId: "staff",
  accessLevel: "PRIVATE",
  fieldIds: ["salary"],
  grants: [{ roleId: "clerk", fieldId: null, settings: { CREATE: "ALLOW" }, rowFilters: {} }],
};
const create: Lacking = {
  gate: "DATA",
  name: "CREATE staff",
  right: { action: "CREATE", fieldId: null },
  on: staff,
};
const update: Lacking = {
  gate: "DATA",
  name: "UPDATE staff.salary",
  right: { action: "UPDATE", fieldId: "salary" },
  on: staff,
};
const clerk = role("clerk", "role::get");
const reader = role("reader", "key::find");

interface Case {
  readonly who: string;
  readonly rights: Rights;
  readonly lacking: Lacking;
  readonly nearest: string | null;
  readonly words: string;
}

describe("a caller who lacks a right is told what is missing and what to do", () => {
  test.each<Case>([
    {
      who: "with several roles",
      rights: key(reader, clerk),
      lacking: permission("role::find"),
      nearest: "clerk",
      words:
        "Not allowed: the permission role::find is missing. None of your roles has it; clerk comes nearest. An administrator can add it to that role, or give you another.",
    },
    {
      who: "with one role",
      rights: key(reader),
      lacking: permission("role::find"),
      nearest: "reader",
      words:
        "Not allowed: the permission role::find is missing. Your role reader does not have it. An administrator can add it to the role, or give you another.",
    },
    {
      who: "with no role",
      rights: key(),
      lacking: permission("role::find"),
      nearest: null,
      words:
        "Not allowed: the permission role::find is missing. No role is in effect. Name in X-Fieldgate-Roles only roles that the key holds, or have an administrator give it one.",
    },
    {
      who: "with a key that only reads",
      rights: publishable(role("writer", "row::create"), reader),
      lacking: permission("row::create"),
      nearest: null,
      words:
        "Not allowed: the permission row::create is missing. The key is publishable and can only read, whatever its roles. Use another, out of the browser.",
    },
    {
      who: "with a key that only reads, of something to read",
      rights: publishable(reader),
      lacking: permission("role::find"),
      nearest: "reader",
      words:
        "Not allowed: the permission role::find is missing. Your role reader does not have it. An administrator can add it to the role, or give you another.",
    },
    {
      who: "with administrator, in a key that only reads",
      rights: publishable({ ...role("administrator"), builtIn: "ADMINISTRATOR" }),
      lacking: permission("row::create"),
      nearest: null,
      words:
        "Not allowed: the permission row::create is missing. The key is publishable and can only read, whatever its roles. Use another, out of the browser.",
    },
    {
      who: "without a key",
      rights: everybody,
      lacking: permission("role::find"),
      nearest: "anonymous",
      words:
        "Not allowed: the permission role::find is missing. Without a key you have the role anonymous at most. Send a key whose roles have it.",
    },
    {
      who: "of a column",
      rights: key(reader, clerk),
      lacking: update,
      nearest: "clerk",
      words:
        "Not allowed: the data right UPDATE staff.salary is missing. None of your roles has it; clerk comes nearest. An administrator can add it to that role, or give you another.",
    },
    {
      who: "of a part, with one role",
      rights: key(clerk),
      lacking: create,
      nearest: "clerk",
      words:
        "Not allowed: the data right CREATE staff is missing. Your role clerk has only a part of it. An administrator can add it to the role, or give you another.",
    },
    {
      who: "of a part, with several roles",
      rights: key(reader, clerk),
      lacking: create,
      nearest: "clerk",
      words:
        "Not allowed: the data right CREATE staff is missing. None of your roles has all of it; clerk comes nearest. An administrator can add it to that role, or give you another.",
    },
    {
      who: "in a space",
      rights: key(reader, clerk),
      lacking: { gate: "SPACE", name: "CAN_EDIT" },
      nearest: "clerk",
      words:
        "Not allowed: the space role CAN_EDIT is missing. Whoever manages the space can raise your role in it.",
    },
    {
      who: "of a write table",
      rights: key(reader),
      lacking: { gate: "LEVEL", name: "READ_WRITE" },
      nearest: "reader",
      words:
        "Not allowed: the write-table level READ_WRITE is missing. An administrator can raise the level of one of your roles.",
    },
    {
      who: "by a restriction",
      rights: key(reader),
      lacking: { gate: "RESTRICTION", name: "READ staff" },
      nearest: "reader",
      words:
        "Not allowed: the credential is restricted here (READ staff). Its roles have more than it has. Use one that is not.",
    },
  ])("$who", ({ rights, lacking, nearest, words }) => {
    const { message, extensions } = new ForbiddenError(rights, lacking);
    expect(message).toBe(words);
    expect(extensions).toStrictEqual({
      code: "FORBIDDEN",
      missing: { gate: lacking.gate, name: lacking.name },
      nearestRole: nearest,
    });
  });

  test("and why it is asked for, where that is not plain", () => {
    const { message } = new ForbiddenError(key(), permission("key::roll"), "one needs it, and ");
    expect(message).toMatch(
      /^Not allowed: one needs it, and the permission key::roll is missing\./,
    );
  });
});
