import {
  type ASTNode,
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
  const methodAt = methodsIn(executed);
  for (const error of denied) {
    const { gate, name } = error.extensions["missing"] as Missing;
    const isMethod = gate === "PERMISSION" && name.includes("::");
    const method = isMethod ? name : methodAt(error);
    if (!reasons.has(method)) reasons.set(method, `${gate} ${name}`);
  }
  return [...reasons].map(([name, reason]) => ({ name, outcome: "DENIED", target: null, reason }));
}

/** A place of a document where a field is asked for. */
interface Asked {
  readonly parent: GraphQLNamedType;
  readonly field: GraphQLField<unknown, unknown>;
}

/** The method of an error. There may be one in every row: the document is gone through once for all of them. */
function methodsIn({ schema, document }: Executed): (error: GraphQLError) => string {
  let places: Places | null = null;
  return ({ nodes = [], path = [] }) => {
    const { fields, roots } = (places ??= placesIn(schema, document));
    const at = nodes.map((node) => fields.get(node)).find((found) => found !== undefined);
    const things = [at?.field, at?.parent, roots.get(String(path[0]))];
    const names = things.map((thing) => (thing === undefined ? null : requiredPermission(thing)));
    return names.find((name) => name !== null) ?? "system::unknown";
  };
}

/** The fields of a document by their nodes, and the first root field of each name in the answer. */
interface Places {
  readonly fields: ReadonlyMap<ASTNode, Asked>;
  readonly roots: ReadonlyMap<string, Asked["field"]>;
}

function placesIn(schema: GraphQLSchema, document: DocumentNode): Places {
  const fields = new Map<ASTNode, Asked>();
  const roots = new Map<string, Asked["field"]>();
  const types = new Set<unknown>([schema.getQueryType(), schema.getMutationType()]);
  const info = new TypeInfo(schema);
  const enter = (node: FieldNode) => {
    const [parent, field] = [info.getParentType(), info.getFieldDef()];
    if (!parent || !field) return;
    fields.set(node, { parent, field });
    const name = (node.alias ?? node.name).value;
    if (types.has(parent) && !roots.has(name)) roots.set(name, field);
  };
  visit(document, visitWithTypeInfo(info, { Field: enter }));
  return { fields, roots };
}
