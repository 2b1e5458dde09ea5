import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from "@pothos/core";
import type { GraphQLFieldResolver } from "graphql";
import type { Context } from "./context.ts";
import { permissionIn } from "./permissions.ts";

declare global {
  // Pothos is extended by merging into its global namespace.
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      auditedReads: AuditPlugin<Types>;
    }
  }
}

/** The id of what a field reads from, by the thing that the field is of; null where nobody logs it. */
export type AuditedTarget = (parent: object) => string | null;

const audited = new Map<string, AuditedTarget>();

/** Has the reads by a method logged: through every field that requires its permission, itself or by its type. */
export function auditReadsOf(permission: string, target: AuditedTarget): void {
  audited.set(permission, target);
}

/** Notes what is read where that is to be logged. What scope-auth refuses is not read. */
export class AuditPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types["Context"], object>,
    { parentType, pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types["Context"], object> {
    const name = permissionIn(pothosOptions) ?? this.#permissionOfType(parentType);
    const targetOf = name === null ? undefined : audited.get(name);
    if (name === null || !targetOf) return resolver;
    return (parent, args, context, info) => {
      const result: unknown = resolver(parent, args, context, info);
      const target = typeof parent === "object" && parent !== null ? targetOf(parent) : null;
      if (target !== null) (context as Context).notes.addRead(name, target);
      return result;
    };
  }

  #permissionOfType(type: string): string | null {
    return permissionIn(this.buildCache.getTypeConfig(type).pothosOptions);
  }
}

/** The name under which the plugin is listed. */
export const AUDIT_PLUGIN = "auditedReads";

SchemaBuilder.registerPlugin(AUDIT_PLUGIN, AuditPlugin);
