import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { shapeOfInput } from "./input-shape.ts";

/** A request as the GraphQL server received it. */
export interface RequestParameters {
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** How many things a list holds where nothing in the request tells. */
const LIST_SIZE = 20;

/** Where to stop looking into variables; deeper ones are refused for their depth. */
const INPUT_DEPTH = 100;

/**
 * The most field values that a valid request can ask for: each field once, times the sizes of the lists
 * above it. A list is as long as the `first` or `last` of its connection says, literally, by a variable
 * or by default, and such a page is read whole, whatever is asked of it; else as its longest list argument; else
 * a guess. Introspection is free, for depth bounds it.
 *
 * Work is linear in the document: a fragment is costed once for each size that it is reached with.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operationName, variables }: RequestParameters,
): number {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return 0;
  const given = measured(operation, variables ?? {});
  return costIn(schema, document, given)(operation.selectionSet, root, null);
}

/** The value of each variable, measured once however often it is used. */
type Variables = ReadonlyMap<string, { readonly value: unknown; readonly longest: number }>;

function measured(
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Variables {
  return new Map(
    (operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => {
      const name = variable.name.value;
      const value: unknown =
        variables[name] ?? (defaultValue ? valueFromASTUntyped(defaultValue) : undefined);
      return [name, { value, longest: shapeOfInput(value, INPUT_DEPTH).longest }];
    }),
  );
}

/** The cost of selections on a type, where lists are as long as `size` says. */
type Cost = (set: SelectionSetNode, type: GraphQLNamedType, size: number | null) => number;

function costIn(schema: GraphQLSchema, document: DocumentNode, variables: Variables): Cost {
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();
  const cost: Cost = (set, type, size) =>
    set.selections.reduce((sum, node) => sum + ofSelection(node, type, size), 0);
  return cost;

  function ofSelection(node: SelectionNode, type: GraphQLNamedType, size: number | null): number {
    if (node.kind === Kind.FIELD) return ofField(node, fieldOf(type, node), size);
    if (node.kind === Kind.FRAGMENT_SPREAD) return ofFragment(node.name.value, size);
    return cost(node.selectionSet, conditionOf(node, type), size);
  }

  function ofFragment(name: string, size: number | null): number {
    const fragment = fragments.get(name);
    const type = fragment && schema.getType(fragment.typeCondition.name.value);
    if (!fragment || !type) return 0;
    const key = `${name} ${size}`;
    const found = known.get(key) ?? cost(fragment.selectionSet, type, size);
    known.set(key, found);
    return found;
  }

  function ofField(node: FieldNode, field: Field | undefined, size: number | null): number {
    if (!field) return 0;
    const asked = sizeAsked(node, field, variables);
    const isList = isListType(getNullableType(field.type));
    const times = isList ? (size ?? asked ?? LIST_SIZE) : 1;
    const type = getNamedType(field.type);
    const inner = node.selectionSet ? cost(node.selectionSet, type, isList ? null : asked) : 0;
    return times * (1 + (isPage(field) ? Math.max(inner, asked ?? 0) : inner));
  }

  function conditionOf(node: SelectionNode, type: GraphQLNamedType): GraphQLNamedType {
    const condition = node.kind === Kind.INLINE_FRAGMENT && node.typeCondition?.name.value;
    return (condition && schema.getType(condition)) || type;
  }
}

type Field = GraphQLField<unknown, unknown>;

function fieldOf(type: GraphQLNamedType, node: FieldNode): Field | undefined {
  return isObjectType(type) || isInterfaceType(type)
    ? type.getFields()[node.name.value]
    : undefined;
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** What the arguments of a field say about the size of the lists that it leads to. */
function sizeAsked(node: FieldNode, field: Field, variables: Variables): number | null {
  const page = pageOf(node, field, variables, "first") ?? pageOf(node, field, variables, "last");
  if (page !== null) return Math.max(page, 0);
  const longest = longestOf(node.arguments ?? [], variables);
  return longest > 0 ? longest : null;
}

/** Whether a field leads to a page of a list. */
function isPage({ args }: Field): boolean {
  return args.some(({ name }) => name === "first");
}

function pageOf(node: FieldNode, field: Field, variables: Variables, name: string): number | null {
  const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
  const byDefault: unknown = field.args.find((argument) => argument.name === name)?.defaultValue;
  const value = given ? numberIn(given, variables) : undefined;
  return value ?? (typeof byDefault === "number" ? byDefault : null);
}

function numberIn(value: ValueNode, variables: Variables): number | undefined {
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return undefined;
  const given = variables.get(value.name.value)?.value;
  return typeof given === "number" ? given : undefined;
}

function longestOf(named: readonly { readonly value: ValueNode }[], variables: Variables): number {
  return Math.max(0, ...named.map(({ value }) => longestIn(value, variables)));
}

function longestIn(value: ValueNode, variables: Variables): number {
  if (value.kind === Kind.VARIABLE) return variables.get(value.name.value)?.longest ?? 0;
  if (value.kind === Kind.OBJECT) return longestOf(value.fields, variables);
  if (value.kind !== Kind.LIST) return 0;
  const items = value.values.map((item) => ({ value: item }));
  return Math.max(items.length, longestOf(items, variables));
}
