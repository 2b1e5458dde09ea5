import {
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { Missing } from "../authz/missing.ts";
import type { Happening } from "../events/event.ts";
import { requiredPermission } from "./permissions.ts";

/** What was executed. */
interface Executed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
}

/**
 * What a request was denied, by the errors of its answer: each method once, and why it was first denied.
 *
 * A missing permission gives the event its name. Any other right is lacking in a method: that of the field
 * at fault, or of its type, or of the root field above it.
 */
export function denialsOf(executed: Executed, errors: readonly GraphQLError[]): Happening[] {
  const denied = errors.filter(({ extensions }) => extensions["code"] === "FORBIDDEN");
  const reasons = new Map<string, string>();
  for (const error of denied) {
    const { gate, name } = error.extensions["missing"] as Missing;
    const isMethod = gate === "PERMISSION" && name.includes("::");
    const method = isMethod ? name : methodAt(executed, error);
    if (!reasons.has(method)) reasons.set(method, `${gate} ${name}`);
  }
  return [...reasons].map(([name, reason]) => ({ name, outcome: "DENIED", target: null, reason }));
}

/** A place of a document where a field is asked for. */
interface Asked {
  readonly node: FieldNode;
  readonly parent: GraphQLNamedType;
  readonly field: GraphQLField<unknown, unknown>;
}

function methodAt({ schema, document }: Executed, { nodes, path }: GraphQLError): string {
  const asked = fieldsOf(schema, document);
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  const at = asked.find(({ node }) => nodes?.includes(node));
  const root = asked.find(
    ({ node, parent }) =>
      roots.has(parent as never) && (node.alias ?? node.name).value === path?.[0],
  );
  const things = [at?.field, at?.parent, root?.field].filter((thing) => thing !== undefined);
  return things.map(requiredPermission).find((name) => name !== null) ?? "system::unknown";
}

function fieldsOf(schema: GraphQLSchema, document: DocumentNode): Asked[] {
  const asked: Asked[] = [];
  const info = new TypeInfo(schema);
  const enter = (node: FieldNode) => {
    const [parent, field] = [info.getParentType(), info.getFieldDef()];
    if (parent && field) asked.push({ node, parent, field });
  };
  visit(document, visitWithTypeInfo(info, { Field: enter }));
  return asked;
}
