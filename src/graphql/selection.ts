import {
  type FieldNode,
  getArgumentValues,
  getNamedType,
  GraphQLError,
  type GraphQLResolveInfo,
  isObjectType,
} from "graphql";
import { collectSubfields } from "graphql/execution/collectFields.js";

/** One field that is selected under another: by which name it is answered, what it is, and what it is given. */
export interface SelectedField {
  /** Its name in the answer. */
  readonly key: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What is selected under it in turn. */
  readonly fields: () => readonly SelectedField[] | null;
}

/**
 * What is selected under the field that is being resolved, as the executor will collect it: fragments written out,
 * `@skip` and `@include` heeded. Null where that is not of one object type, or an argument is not what its field takes:
 * the executor will say so.
 */
export function selectedFields(info: GraphQLResolveInfo): readonly SelectedField[] | null {
  return selectedUnder(info, info.returnType, info.fieldNodes);
}

function selectedUnder(
  info: GraphQLResolveInfo,
  returnType: GraphQLResolveInfo["returnType"],
  nodes: readonly FieldNode[],
): readonly SelectedField[] | null {
  const type = getNamedType(returnType);
  if (!isObjectType(type)) return null;
  const { schema, fragments, variableValues } = info;
  const fields = type.getFields();
  const selected: SelectedField[] = [];
  for (const [key, [node, ...more]] of collectSubfields(
    schema,
    fragments,
    variableValues,
    type,
    nodes,
  )) {
    if (!node) return null;
    const name = node.name.value;
    const field = fields[name];
    const args = field ? argumentsOf(field, node, variableValues) : {};
    if (!args) return null;
    const under = () => (field ? selectedUnder(info, field.type, [node, ...more]) : []);
    selected.push({ key, name, args, fields: under });
  }
  return selected;
}

function argumentsOf(...asked: Parameters<typeof getArgumentValues>) {
  try {
    return getArgumentValues(...asked);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}
