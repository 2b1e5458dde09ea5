import {
  getNamedType,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from "graphql";

/** What may go wrong at one place of a schema, such as `Query.open: has no permission`. */
export type Fault = `${string}: ${string}`;

/** A type whose fields callers ask for. */
type Answering = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

/** Types that nothing guards since they hold nothing by themselves: what is in them is guarded. */
const VESSEL = /(Payload|Connection|Edge)$/;

/** The types with fields, but for the roots and those of introspection. */
function answeringTypes(schema: GraphQLSchema): Answering[] {
  const roots = new Set<GraphQLNamedType>(rootsOf(schema));
  return namedTypes(schema).filter(
    (type): type is Answering => (isObjectType(type) || isInterfaceType(type)) && !roots.has(type),
  );
}

/** The fields of Query, Mutation and Subscription. */
export function rootFields(schema: GraphQLSchema) {
  return rootsOf(schema).flatMap((root) =>
    Object.values(root.getFields()).map((field) => ({ root: root.name, field })),
  );
}

/** Types without scopes of their own, all of whose fields would have to have some, and do not. */
export function unguarded(schema: GraphQLSchema): Fault[] {
  return answeringTypes(schema).flatMap((type) =>
    scopesOf(type) === undefined
      ? Object.values(type.getFields())
          .filter((field) => scopesOf(field) === undefined)
          .map((field): Fault => `${type.name}.${field.name}: has no scope`)
      : [],
  );
}

/**
 * Types that let everybody in and are not made to: neither a vessel, nor one of those that are named, and
 * every type that `node` reaches past all other guards.
 */
export function openToAll(schema: GraphQLSchema, named: readonly string[]): Fault[] {
  return answeringTypes(schema)
    .filter((type) => !isGuarded(type) && Object.values(type.getFields()).some(isOpen))
    .filter((type) => !VESSEL.test(type.name) && !named.includes(type.name))
    .map((type): Fault => `${type.name}: lets everybody in`);
}

/** Object types that an interface or a union leads to, and that have no scopes of their own. */
export function openBehindInterfaces(schema: GraphQLSchema): Fault[] {
  return namedTypes(schema)
    .filter((type) => isInterfaceType(type) || isUnionType(type))
    .flatMap((type) =>
      schema
        .getPossibleTypes(type)
        .filter((possible) => !isGuarded(possible))
        .map((possible): Fault => `${possible.name}: lets everybody in who asks for ${type.name}`),
    );
}

/** The permission of each root field; none where it is not one name of its own. */
export function permissionsByField(schema: GraphQLSchema): Map<string, string | null> {
  return new Map(
    rootFields(schema).map(({ root, field }) => [`${root}.${field.name}`, permissionOf(field)]),
  );
}

/** Root fields without a permission, with one of another form, or with one that another field has. */
export function permissionFaults(schema: GraphQLSchema): Fault[] {
  const permissions = permissionsByField(schema);
  const names = [...permissions.values()];
  return [...permissions].flatMap(([field, name]): Fault[] => {
    if (name === null) return [`${field}: has no permission of its own`];
    if (!/^[a-z_]+::[a-z_]+$/.test(name)) return [`${field}: ${name} is not type::verb`];
    return names.indexOf(name) < names.lastIndexOf(name)
      ? [`${field}: ${name} belongs to more than one field`]
      : [];
  });
}

/** Root fields whose permission is not the type and the verb of their name. */
export function misnamedPermissions(
  schema: GraphQLSchema,
  exceptions: Readonly<Record<string, string>>,
): Fault[] {
  return rootFields(schema).flatMap(({ root, field }): Fault[] => {
    const due = exceptions[`${root}.${field.name}`] ?? duePermission(root, field);
    return permissionOf(field) === due ? [] : [`${root}.${field.name}: should require ${due}`];
  });
}

/** Fields that can be denied and cannot be null, so that a denial would erase what they are part of. */
export function undeniable(schema: GraphQLSchema): Fault[] {
  const roots = rootFields(schema).map(({ root, field }) => ({ owner: root, field, isRoot: true }));
  const others = answeringTypes(schema).flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({ owner: type.name, field, isRoot: false })),
  );
  return [...roots, ...others]
    .filter(
      ({ field, isRoot }) =>
        ((isRoot || !isOpen(field)) && isNonNullType(field.type)) ||
        (isGuarded(getNamedType(field.type)) && cannotBeNull(field.type)),
    )
    .map(({ owner, field }): Fault => `${owner}.${field.name}: can be denied and cannot be null`);
}

/** Elements without a description, or with one that says no more than their name. */
export function undescribed(schema: GraphQLSchema): Fault[] {
  return elementsOf(schema)
    .filter(({ name, description }) => saysNoMore(name, description))
    .map(({ place }): Fault => `${place}: has no description that says more than its name`);
}

interface Element {
  readonly place: string;
  readonly name: string;
  readonly description: string | null | undefined;
}

function elementsOf(schema: GraphQLSchema): Element[] {
  return namedTypes(schema).flatMap((type) => [
    { place: type.name, name: type.name, description: type.description },
    ...partsOf(type).flatMap(({ args = [], ...part }) => [
      { ...part, place: `${type.name}.${part.name}` },
      ...args.map(({ name, description }) => ({
        place: `${type.name}.${part.name}(${name})`,
        name,
        description,
      })),
    ]),
  ]);
}

type Part = Omit<Element, "place"> & { readonly args?: readonly Omit<Element, "place">[] };

function partsOf(type: GraphQLNamedType): readonly Part[] {
  if (isEnumType(type)) return (type satisfies GraphQLEnumType).getValues();
  const hasFields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
  return hasFields ? Object.values(type.getFields() as Record<string, Part>) : [];
}

/** Whether a description is made of the words of the name alone, and of articles. */
function saysNoMore(name: string, description: string | null | undefined): boolean {
  const said = new Set(wordsOf(description ?? ""));
  for (const word of [...wordsOf(name), "a", "an", "the", "its", "this"]) said.delete(word);
  return said.size === 0;
}

/** The words of `createdAt`, `READ_WRITE` or a sentence, in lower case. */
function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** `createDataset` → `dataset::create`; `dataset` → `dataset::get`; `datasets` → `dataset::find`. */
function duePermission(root: string, { name }: Field): string {
  const [first = "", ...others] = wordsOf(name);
  if (root === "Subscription") return `${singular([first, ...others]).join("_")}::subscribe`;
  const isCall = root === "Mutation" || others.length > 0;
  if (isCall) return `${singular(others).join("_")}::${first}`;
  return isPlural(first) ? `${singular([first]).join("_")}::find` : `${first}::get`;
}

function singular(words: readonly string[]): string[] {
  return words.map((word) => (isPlural(word) ? word.slice(0, -1) : word));
}

function isPlural(word: string): boolean {
  return /[^s]s$/.test(word);
}

function rootsOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type !== null && type !== undefined,
  );
}

function namedTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
}

/** What Pothos was told of the scopes of a type or field: an object, a function, or nothing. */
function scopesOf({ extensions }: Pick<GraphQLNamedType | Field, "extensions">): unknown {
  const options = extensions["pothosOptions"] as { readonly authScopes?: unknown } | undefined;
  return options?.authScopes;
}

/** One permission and nothing else, where that is what a field requires. */
function permissionOf(field: Field): string | null {
  const scopes = scopesOf(field);
  if (typeof scopes !== "object" || scopes === null) return null;
  const [name, ...others] = Object.entries(scopes as Readonly<Record<string, unknown>>);
  if (!name || others.length > 0) return null;
  const [scope, permission] = name;
  const isOfOne = scope === "permission" || scope === "inStages";
  return isOfOne && typeof permission === "string" ? permission : null;
}

/** Whether something has scopes that can turn somebody away. */
function isGuarded(thing: Pick<GraphQLNamedType | Field, "extensions">): boolean {
  return !isOpen(thing);
}

/** Whether something has no scopes, or the function that says true to everybody. */
function isOpen(thing: Pick<GraphQLNamedType | Field, "extensions">): boolean {
  const scopes = scopesOf(thing);
  if (scopes === undefined) return true;
  return typeof scopes === "function" && /^\(\) ?=> ?true$/.test(scopes.toString());
}

/** Whether nothing between a value and its parent can be null. */
function cannotBeNull(type: GraphQLOutputType): boolean {
  if (!isNonNullType(type)) return false;
  const inner = type.ofType as GraphQLOutputType;
  return isListType(inner) ? cannotBeNull(inner.ofType as GraphQLOutputType) : true;
}
