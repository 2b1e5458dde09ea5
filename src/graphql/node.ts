import { brandWithType } from "@pothos/core";
import { decodeId, type Identified, typeOfId } from "../db/id.ts";
import { builder } from "./builder.ts";
import type { Context } from "./context.ts";

/** Finds a thing by UUID: null for what the caller may not see, as for what does not exist. */
export type FindNode = (context: Context, uuid: string) => Promise<object | null>;

const finders = new Map<Identified, FindNode>();

/** What has an id. */
export const Node = builder.interfaceRef<object>("Node").implement({
  description: "Something with an id, which is one text everywhere.",
  authScopes: () => true,
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, by which `node` finds it.",
      resolve: () => {
        throw new Error("A type of its own says what its id is.");
      },
    }),
  }),
});

/** Lets `node` find a type, by the same loader that guards every other way to it. */
export function findNodesOf(type: Identified, find: FindNode): void {
  finders.set(type, find);
}

/** Finds whatever an id names; null for every id that leads the caller nowhere. */
export async function findNode(context: Context, id: string): Promise<object | null> {
  const type = typeOfId(id);
  const find = type && finders.get(type);
  const uuid = type && decodeId(type, id);
  const found = find && uuid ? await find(context, uuid) : null;
  if (found && type) brandWithType(found, type as never);
  return found;
}
