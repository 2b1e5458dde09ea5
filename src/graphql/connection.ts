import type { ObjectRef } from "@pothos/core";
import { builder } from "./builder.ts";
import { InputError, LimitError } from "./errors.ts";

/** A page of a list, as the Relay specification of connections has it. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  /**
   * What the answer holds in place of them, or of their edges, where the one or the other was read as JSON: the items,
   * and how many they are.
   */
  readonly json?: { readonly json: readonly Buffer[]; readonly length: number };
  /** The text of the place of one of them, by its index; made only when asked for. */
  cursorOf(index: number): string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Counted only when asked for. */
  readonly totalCount: () => Promise<number>;
}

/** One thing in a page. */
interface Edge<Node> {
  readonly node: Node;
  readonly index: number;
  readonly page: Page<Node>;
}

/** The most that one page holds, of rows and of everything else. */
export const MOST = { rows: 10_000, others: 1_000 } as const;

const PageInfo = builder.objectRef<Page<unknown>>("PageInfo").implement({
  description: "Where a page stands in its list.",
  authScopes: () => true,
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNextPage", {
      nullable: false,
      description: "Whether more follow.",
    }),
    hasPreviousPage: t.exposeBoolean("hasPreviousPage", {
      nullable: false,
      description: "Whether the page was asked for after a cursor.",
    }),
    startCursor: t.string({
      description: "The cursor of the first; null on an empty page.",
      resolve: (page) => (lengthOf(page) > 0 ? page.cursorOf(0) : null),
    }),
    endCursor: t.string({
      description: "The cursor of the last, to ask for what comes `after`; null on an empty page.",
      resolve: (page) => (lengthOf(page) > 0 ? page.cursorOf(lengthOf(page) - 1) : null),
    }),
  }),
});

function lengthOf({ json, nodes }: Page<unknown>): number {
  return (json ?? nodes).length;
}

/**
 * Defines `<Name>Connection` and `<Name>Edge` over a type. What a caller may not see is not in the page,
 * so that neither needs a scope beyond that of the field which answers it.
 */
export function connectionOf<Node extends object>(name: string, node: TypeRef<Node>) {
  const EdgeType = builder.objectRef<Edge<Node>>(`${name}Edge`).implement({
    description: `One ${name} in a page, and its place.`,
    authScopes: () => true,
    fields: (t) => ({
      node: t.field({
        type: node,
        description: "The thing itself.",
        resolve: (edge) => edge.node as never,
      }),
      cursor: t.string({
        nullable: false,
        description: "Its place, for `after`; bound to this query and caller.",
        resolve: ({ page, index }) => page.cursorOf(index),
      }),
    }),
  });
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    description: `A page of a list of ${name}.`,
    authScopes: () => true,
    fields: (t) => ({
      nodes: t.field({
        type: [node],
        nullable: { list: false, items: true },
        description: "What the page holds, in order.",
        resolve: ({ nodes, json }, _args, context, { path }) =>
          (json ? context.putJson(path, json.json) : nodes) as never,
      }),
      edges: t.field({
        type: [EdgeType],
        nullable: false,
        description: "The same, each with its cursor.",
        resolve: (page, _args, context, { path }) =>
          page.json
            ? (context.putJson(path, page.json.json) as never)
            : page.nodes.map((one, index) => ({ node: one, index, page })),
      }),
      pageInfo: t.field({
        type: PageInfo,
        nullable: false,
        description: "Where the page stands in the list.",
        resolve: (page) => page,
      }),
      totalCount: t.int({
        nullable: false,
        description: "How many there are in the whole list, of those that the caller may see.",
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
}

type TypeRef<Node> = ObjectRef<BuilderTypes, Node, Node>;
type BuilderTypes =
  typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/**
 * The size of a page that was asked for with `first`.
 *
 * @throws {InputError} for one of less than one: how many there are in all is `totalCount`.
 * @throws {LimitError} for one that is larger than a page may be.
 */
export function pageSize(first: number | null | undefined, most: number, usual: number): number {
  const size = first ?? usual;
  const words = `first is a number from 1 to ${most}; ${size} was asked for.`;
  if (size < 1) throw new InputError(words);
  if (size > most) throw new LimitError(words);
  return size;
}
