import {
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";
import { describe, expect, it } from "vitest";
import { encodeId } from "../../../src/db/id.ts";
import { schema } from "../../../src/schema.ts";
import { permissionsByField, rootFields } from "../../support/schema-walk.ts";
import { aWorld, uniqueName } from "../../support/world.ts";
import { eventsDuring, inShort } from "./log.ts";

const world = await aWorld();
const stranger = await world.key({ roles: [{}] });

const permissions = permissionsByField(schema);
const mutations = rootFields(schema)
  .filter(({ root, field }) => root === "Mutation" && !isAtFrontDoor(field))
  .map(({ field }) => [permissions.get(`Mutation.${field.name}`) ?? "", field] as const);

/** Whether no credential calls it, but whoever presents the system secret: what they do has tests of its own. */
function isAtFrontDoor({ args: [input] }: GraphQLField<unknown, unknown>): boolean {
  const type = input && getNamedType(input.type);
  const secret = isInputObjectType(type) ? type.getFields()["systemSecret"] : undefined;
  return secret !== undefined && isNonNullType(secret.type);
}

/** A value that a type takes, whatever becomes of it. */
function someValue(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return someValue(type.ofType);
  if (isListType(type)) return [someValue(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return type.name === "Int" ? 1 : uniqueName("some");
  const required = Object.values(type.getFields()).filter(isRequiredInputField);
  return Object.fromEntries(required.map((field) => [field.name, someValue(field.type)]));
}

describe.each(mutations)("Whoever calls %s", (permission, field) => {
  const [input] = field.args;
  const document = input
    ? `mutation ($input: ${String(input.type)}) { ${field.name}(input: $input) { __typename } }`
    : `mutation { ${field.name} { __typename } }`;
  const variables = { input: input && someValue(input.type) };

  it("writes one event of the name of its permission, however it ends", async () => {
    const written = await eventsDuring(world, () => world.run(document, { variables }));
    const own = written.filter(({ name }) => name === permission);

    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({
      principalKind: "KEY",
      principalId: encodeId("Key", world.keyId),
      count: 1,
    });
    expect(own[0]?.outcome).toMatch(/^(ALLOWED|FAILED)$/);
    // What is written besides is the tenant's own.
    expect(written.filter(({ name }) => !name.startsWith("custom::"))).toEqual(own);
  });

  it("and may not, writes one that says what was missing", async () => {
    const written = await eventsDuring(world, () =>
      world.run(document, { variables, key: stranger }),
    );

    expect(written.map(inShort)).toEqual([
      { name: permission, outcome: "DENIED", target: null, reason: `PERMISSION ${permission}` },
    ]);
  });
});
