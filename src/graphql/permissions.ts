import type { GraphQLField, GraphQLNamedType, GraphQLSchema } from "graphql";

/** The right to call one method, by the name that roles hold it under. */
export interface Permission {
  readonly name: string;
  readonly description: string;
}

/** Names that a tenant makes up for its own methods. */
const CUSTOM = /^custom::[a-z0-9_.:-]{1,128}$/;

/** Permissions that no root field stands for. */
const BESIDES: readonly Permission[] = [
  { name: "row::get", description: "Read rows, by whichever way leads to them." },
  { name: "user::get_email", description: "Read the addresses of other users." },
  { name: "user::get_attributes", description: "Read the attributes of other users." },
  { name: "user::get_roles", description: "Read which roles other users have." },
  { name: "user::update_email", description: "Change the addresses of other users." },
  { name: "user::update_attributes", description: "Change the attributes of other users." },
  {
    name: "grant::any",
    description: "Hand out permissions and data rights that one does not hold.",
  },
  { name: "key::check_access", description: "Ask `checkAccess` about a key that is presented." },
];

/** Every permission there is, by name: that of each root field, and the few besides. */
export function permissionsOf(schema: GraphQLSchema): readonly Permission[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((type) => Object.values(type?.getFields() ?? {}));
  return [...fields.flatMap(permissionOf), ...BESIDES].toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

/** Whether a role can hold it: a permission there is, or one of the tenant's own. */
export function isPermission(schema: GraphQLSchema, name: string): boolean {
  return isCustomName(name) || permissionsOf(schema).some((permission) => permission.name === name);
}

/** The permission that a field or a type requires by itself; null where it requires none, or another scope. */
export function requiredPermission({
  extensions,
}: Pick<GraphQLField<unknown, unknown> | GraphQLNamedType, "extensions">): string | null {
  return permissionIn(extensions["pothosOptions"]);
}

/** The permission that a field or a type is declared with; null where it is declared with none. */
export function permissionIn(options: unknown): string | null {
  const { authScopes } = (options ?? {}) as {
    authScopes?: { permission?: string; inStages?: string };
  };
  return authScopes?.permission ?? authScopes?.inStages ?? null;
}

/** Whether it is the name of a permission, or of an event, that a tenant made up. */
export function isCustomName(name: string): boolean {
  return CUSTOM.test(name);
}

function permissionOf(field: GraphQLField<unknown, unknown>): Permission[] {
  const name = requiredPermission(field);
  return name === null ? [] : [{ name, description: field.description ?? "" }];
}
