import type { GraphQLSchema } from "graphql";
import { beforeAll, describe, expect, it } from "vitest";
import { builder } from "../src/graphql/builder.ts";
import { may } from "../src/graphql/scopes.ts";
import {
  misnamedPermissions,
  openBehindInterfaces,
  openToAll,
  permissionFaults,
  undeniable,
  undescribed,
  unguarded,
} from "./support/schema-walk.ts";

/** A schema of the real builder in which nothing is as it should be. */
let planted: GraphQLSchema;

beforeAll(() => {
  const described = { description: "Something planted." };
  const Bare = builder.objectRef<object>("Bare").implement({
    ...described,
    fields: (t) => ({
      unguarded: t.string({ ...described, resolve: () => "" }),
      guarded: t.string({ ...described, authScopes: may("bare::get"), resolve: () => "" }),
    }),
  });
  const Thing = builder
    .interfaceRef<object>("Thing")
    .implement({ ...described, authScopes: may("thing::get"), fields: () => ({}) });
  const Open = builder.objectRef<object>("Open").implement({
    ...described,
    authScopes: () => true,
    interfaces: [Thing],
    fields: (t) => ({ text: t.string({ ...described, resolve: () => "" }) }),
  });
  const Guarded = builder.objectRef<object>("Guarded").implement({
    ...described,
    authScopes: may("guarded::get"),
    fields: (t) => ({
      secret: t.string({
        ...described,
        nullable: false,
        authScopes: may("secret::get"),
        resolve: () => "",
      }),
      openHere: t.field({ ...described, nullable: false, type: Open, resolve: () => ({}) }),
    }),
  });
  const Choice = builder.enumType("Choice", {
    description: "A choice.",
    values: { ONE: { description: "" }, TWO: { description: "Two, that is." } } as const,
  });
  const WriteInput = builder.inputType("WriteInput", {
    fields: (t) => ({ choice: t.field({ type: Choice, description: "The choice." }) }),
  });
  builder.queryFields((t) => ({
    unguarded: t.field({ ...described, type: Bare, resolve: () => ({}) }),
    things: t.field({
      ...described,
      type: [Thing],
      authScopes: may("thing::get"),
      resolve: () => [],
    }),
    guarded: t.field({
      ...described,
      type: Guarded,
      nullable: false,
      authScopes: may("guarded::get"),
      resolve: () => ({}),
    }),
    guardedList: t.field({
      ...described,
      type: [Guarded],
      nullable: { list: true, items: false },
      authScopes: { permission: "guarded::get", anyOf: "guarded" },
      resolve: () => [],
    }),
    text: t.string({ ...described, authScopes: may("Text"), resolve: () => "" }),
  }));
  builder.mutationFields((t) => ({
    write: t.string({
      authScopes: may("thing::get"),
      args: { input: t.arg({ type: WriteInput }) },
      resolve: () => "",
    }),
  }));
  planted = builder.toSchema();
});

describe("The walk over the schema names", () => {
  it("a field that neither its type nor itself guards", () => {
    expect(unguarded(planted)).toEqual(["Bare.unguarded: has no scope"]);
  });

  it("a type that lets everybody in without being named", () => {
    expect(openToAll(planted, [])).toEqual(["Bare: lets everybody in", "Open: lets everybody in"]);
    expect(openToAll(planted, ["Open", "Bare"])).toEqual([]);
  });

  it("a type that lets everybody in behind an interface", () => {
    expect(openBehindInterfaces(planted)).toEqual(["Open: lets everybody in who asks for Thing"]);
  });

  it("a root field without a permission of its own, or with one of another form", () => {
    expect(permissionFaults(planted)).toEqual([
      "Query.guardedList: has no permission of its own",
      "Query.text: Text is not type::verb",
      "Query.things: thing::get belongs to more than one field",
      "Query.unguarded: has no permission of its own",
      "Mutation.write: thing::get belongs to more than one field",
    ]);
  });

  it("a permission that is not the type and the verb of its field", () => {
    expect(misnamedPermissions(planted, { "Query.text": "Text" })).toEqual([
      "Query.guardedList: should require list::guarded",
      "Query.things: should require thing::find",
      "Query.unguarded: should require unguarded::get",
      "Mutation.write: should require ::write",
    ]);
  });

  it("a field that can be denied and cannot be null", () => {
    expect(undeniable(planted)).toEqual([
      "Query.guarded: can be denied and cannot be null",
      "Guarded.secret: can be denied and cannot be null",
    ]);
  });

  it("an element without a description that says more than its name", () => {
    expect(undescribed(planted)).toEqual(
      [
        "Choice",
        "Choice.ONE",
        "Mutation.write",
        "Mutation.write(input)",
        "WriteInput",
        "WriteInput.choice",
      ].map((place) => `${place}: has no description that says more than its name`),
    );
  });
});
