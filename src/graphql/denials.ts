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
export interface Executed {
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
  const denials = new Map<string, Happening>();
  const methodAt = methodsIn(executed);
  for (const error of denied) {
    const missing = error.extensions["missing"] as Missing;
    const denial = denialOf(missing, isMethod(missing) ? missing.name : methodAt(error));
    if (!denials.has(denial.name)) denials.set(denial.name, denial);
  }
  return [...denials.values()];
}

/** That something was lacking in a method: a permission that is another's gives the event its own name. */
export function denialOf(missing: Missing, method: string): Happening {
  const name = isMethod(missing) ? missing.name : method;
  return { name, outcome: "DENIED", target: null, reason: `${missing.gate} ${missing.name}` };
}

function isMethod({ gate, name }: Missing): boolean {
  return gate === "PERMISSION" && name.includes("::");
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
