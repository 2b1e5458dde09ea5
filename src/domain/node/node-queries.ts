import { builder } from "../../graphql/builder.ts";
import { LimitError } from "../../graphql/errors.ts";
import { findNode, Node } from "../../graphql/node.ts";
import { may } from "../../graphql/scopes.ts";

/** How many ids one `nodes` takes. */
const MOST_IDS = 100;

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    description:
      "Whatever the id names; null where it names nothing that the caller may see by the permission to get such a thing.",
    authScopes: may("node::get"),
    args: { id: t.arg.id({ required: true, description: "The id of anything that has one." }) },
    resolve: (_root, { id }, context) => findNode(context, id),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: true, items: true },
    description: "Whatever each of the ids names, in their order; as `node` does.",
    authScopes: may("node::find"),
    args: {
      ids: t.arg.idList({ required: true, description: `The ids, up to ${MOST_IDS}.` }),
    },
    resolve: async (_root, { ids }, context) => {
      if (ids.length > MOST_IDS) throw new LimitError(`nodes takes at most ${MOST_IDS} ids.`);
      return await Promise.all(ids.map((id) => findNode(context, id)));
    },
  }),
}));
