import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";
import { typeOfId } from "../db/id.ts";
import type { Context } from "./context.ts";
import { permissionIn } from "./permissions.ts";

declare global {
  // Pothos is extended by merging into its global namespace.
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      mutationTransaction: MutationPlugin<Types>;
    }
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** Set on a mutation that changes who may do what. */
      changesRights?: boolean;
      /** Set on one that does some of its work outside of every transaction: its resolver calls {@link Context.stage}. */
      isStaged?: boolean;
    }
  }
}

/**
 * Gives every root mutation field a transaction of its own, by the permission that it requires; see
 * {@link Context.mutate}. No mutation can be written without one.
 */
export class MutationPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    { kind, name, pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    if (kind !== "Mutation") return resolver;
    const { changesRights = false, isStaged = false } = pothosOptions as {
      changesRights?: boolean;
      isStaged?: boolean;
    };
    const permission = permissionIn(pothosOptions);
    if (permission === null) throw new Error(`Mutation.${name} requires no permission.`);
    if (isStaged) return resolver;
    if (pothosOptions.authScopes && "inStages" in pothosOptions.authScopes) {
      throw new Error(`Mutation.${name} is not staged, and would let in whoever comes.`);
    }
    return (parent, args, context, info) =>
      (context as Context).mutate(
        { permission, changesRights, target: targetOf(args) },
        async () => await (resolver(parent, args, context, info) as Promise<unknown>),
      );
  }
}

/** What the input of a mutation names: the first of its fields `id` and `…Id` that holds an id. */
function targetOf({ input = {} }: { readonly input?: Readonly<Record<string, unknown>> }) {
  const ids = Object.entries(input).filter(([name]) => /^id$|Id$/.test(name));
  const [target] = ids.flatMap(([, id]) => (typeof id === "string" && typeOfId(id) ? [id] : []));
  return target ?? null;
}

/** The name under which the plugin is listed. */
export const MUTATION_PLUGIN = "mutationTransaction";

SchemaBuilder.registerPlugin(MUTATION_PLUGIN, MutationPlugin);
