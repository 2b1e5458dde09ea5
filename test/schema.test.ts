import { describe, expect, it } from "vitest";
import { looks } from "../src/authz/rights.ts";
import { operatorOf } from "../src/authz/principal.ts";
import { OPERATOR } from "../src/authz/role.ts";
import { Context } from "../src/graphql/context.ts";
import type { OpenCallerTransaction, TransactionMode } from "../src/graphql/caller-transaction.ts";
import { permissionsOf } from "../src/graphql/permissions.ts";
import { schema } from "../src/schema.ts";
import {
  misnamedPermissions,
  openBehindInterfaces,
  openToAll,
  permissionFaults,
  permissionsByField,
  rootFields,
  undeniable,
  undescribed,
  unguarded,
} from "./support/schema-walk.ts";

/** Types that let everybody in by themselves, and why they may. */
const OPEN = {
  AccessExplanation:
    "It is the answer of explainAccess, which tells no more than the caller may know.",
  AccessStep: "It stands in an AccessExplanation, and the role and grant in it are guarded.",
  CheckAccessResult: "It is the answer of one root field and of nothing else.",
  MissingAccess: "It stands in an AccessExplanation.",
  Node: "Every type behind it is guarded.",
  UserAttribute:
    "It says what the tenant knows of users, and nothing of any; it stands in a Tenant, which is guarded.",
  PageInfo: "It stands in connections, and holds cursors that only their caller can use.",
  RowImportFault: "It stands in a RowImport, which is guarded.",
  RowResult: "It stands in the payload of a write, and the row in it is guarded.",
  RowFault: "It stands in a RowResult.",
};

/** Root fields whose permission is another than the type and the verb of their name. */
const OTHERWISE_NAMED = {
  // Of two words: the first is no verb.
  "Query.accessToken": "access_token::get",
  "Query.accessTokens": "access_token::find",
  "Mutation.distrustIssuer": "trusted_issuer::distrust",
  "Mutation.trustIssuer": "trusted_issuer::trust",
  "Query.trustedIssuer": "trusted_issuer::get",
  "Query.trustedIssuers": "trusted_issuer::find",
  "Mutation.assignRoles": "user::assign_roles",
  "Mutation.login": "session::login",
  "Mutation.logout": "session::logout",
  "Mutation.updateMe": "viewer::update",
  // What verifies looks: the name of the mail's own method would let whoever can only look through.
  "Mutation.verifyEmail": "email_verification::use",
};

describe("Every type, field and argument of the API", () => {
  it("is guarded by scopes of its type or of its own", () => {
    expect(unguarded(schema)).toEqual([]);
  });

  it("lets everybody in only where it holds nothing by itself", () => {
    expect(openToAll(schema, Object.keys(OPEN))).toEqual([]);
    expect(openToAll(schema, [])).toHaveLength(Object.keys(OPEN).length);
  });

  it("is guarded by itself where an interface leads to it", () => {
    expect(openBehindInterfaces(schema)).toEqual([]);
  });

  it("can be null wherever it can be denied", () => {
    expect(undeniable(schema)).toEqual([]);
  });

  it("says in its description more than its name does", () => {
    expect(undescribed(schema)).toEqual([]);
  });
});

describe("Every root field", () => {
  it("has a permission that no other has", () => {
    expect(permissionFaults(schema)).toEqual([]);
  });

  it("has the permission that its name says: the type and the verb", () => {
    expect(misnamedPermissions(schema, OTHERWISE_NAMED)).toEqual([]);
  });

  it("has the permission of a method that looks, if it is a query; and of one that does not, if it is a mutation that changes something", () => {
    const permissions = [...permissionsByField(schema)].filter(([, name]) => looks(name ?? ""));
    const queries = rootFields(schema).filter(({ root }) => root === "Query");

    expect(permissions.map(([field]) => field)).toEqual([
      ...queries.map(({ root, field }) => `${root}.${field.name}`),
      // It promises a file, and changes nothing.
      "Mutation.exportRows",
    ]);
  });

  it("has a permission that `permissions` lists, once", () => {
    const listed = permissionsOf(schema).map(({ name }) => name);

    expect(listed).toEqual(expect.arrayContaining([...permissionsByField(schema).values()]));
    expect(new Set(listed).size).toBe(listed.length);
  });
});

describe("Every mutation", () => {
  const mutations = rootFields(schema)
    .filter(({ root }) => root === "Mutation")
    .map(({ field }) => [field.name, field] as const);

  it.each(mutations)("runs in a transaction of its own: %s", async (_name, field) => {
    const { context, opened } = await everythingAllowed();
    const work = field.resolve?.({}, { input: {} }, context, { schema } as never);

    await expect(work).rejects.toThrow("No further than the transaction.");
    expect(opened).toEqual(["snapshot", expect.stringMatching(/^(write|change)$/), "snapshot"]);
  });

  it.each(mutations.filter(([name]) => /(Role|Grant|Key)$/.test(name)))(
    "that changes rights takes their lock before it reads them: %s",
    async (_name, field) => {
      const { context, opened } = await everythingAllowed();
      await Promise.resolve(field.resolve?.({}, { input: {} }, context, { schema } as never)).catch(
        () => null,
      );

      expect(opened).toContain("change");
    },
  );
});

/** A context that allows everything, and tells which transactions are asked of it; none goes further. */
async function everythingAllowed() {
  const rights = { principal: operatorOf(null), roles: [OPERATOR], readOnly: false };
  const opened: TransactionMode[] = [];
  const open: OpenCallerTransaction = async (mode) => {
    opened.push(mode);
    if (mode !== "snapshot") throw new Error("No further than the transaction.");
    return { rights, transaction: { rollback: async () => undefined } } as never;
  };
  const context = new Context({ requestId: "test", now: new Date(0), open });
  await context.beginSnapshot();
  return { context, opened };
}
