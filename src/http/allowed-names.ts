import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from "graphql";

/** How many names a message lists. */
const LISTED = 20;

/** Something that GraphQL says is unknown, and what there is in its place; the schema is everybody's. */
interface Unknown {
  readonly says: RegExp;
  readonly allowed: (schema: GraphQLSchema, named: readonly string[]) => string | null;
}

const UNKNOWN: readonly Unknown[] = [
  {
    says: /does not exist in "(\w+)" enum|Enum "(\w+)" cannot represent/,
    allowed: (schema, [name = ""]) => {
      const type = schema.getType(name);
      return isEnumType(type) ? `${name} is one of ${listed(type.getValues())}.` : null;
    },
  },
  {
    says: /is not defined by type "(\w+)"/,
    allowed: (schema, [name = ""]) => {
      const type = schema.getType(name);
      if (!isInputObjectType(type)) return null;
      return `${name} has ${listed(Object.values(type.getFields()))}.`;
    },
  },
  {
    says: /^Unknown argument "\w+" on field "(\w+)\.(\w+)"/,
    allowed: (schema, [name = "", field = ""]) => {
      const args = fieldsOf(schema, name).find((each) => each.name === field)?.args;
      return args ? `${name}.${field} takes ${listed(args) || "no arguments"}.` : null;
    },
  },
  {
    // Where it suggests some, they say enough.
    says: /^Cannot query field "\w+" on type "(\w+)"\.$/,
    allowed: (schema, [name = ""]) =>
      `${name} has ${listed(fieldsOf(schema, name)) || "no fields"}.`,
  },
];

/**
 * What is allowed in the place of a name that GraphQL does not know: the values of an enum, the fields of an
 * input, the arguments of a field. GraphQL itself names only what is spelt alike. Null: it says nothing of
 * the kind.
 */
export function allowedNames(schema: GraphQLSchema, message: string): string | null {
  for (const { says, allowed } of UNKNOWN) {
    const match = says.exec(message);
    if (match)
      return allowed(
        schema,
        match.slice(1).filter((name) => name !== undefined),
      );
  }
  return null;
}

function fieldsOf(schema: GraphQLSchema, name: string) {
  const type = schema.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function listed(things: readonly { readonly name: string }[]): string {
  const names = things.slice(0, LISTED).map(({ name }) => name);
  return [...names, ...(things.length > LISTED ? ["…"] : [])].join(", ");
}
