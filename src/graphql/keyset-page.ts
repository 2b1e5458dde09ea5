import { MOST, type Page, pageSize } from "./connection.ts";
import type { Context } from "./context.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";

/** A list in the order of one unique text, such as a name or an id. */
export interface Listing<Node> {
  /** What is listed, and by which filter: what its cursors are bound to. */
  readonly scope: string;
  /** Reads up to `take` things whose place comes after `after`; null: from the start. */
  readonly read: (take: number, after: string | null) => Promise<Node[]>;
  readonly place: (node: Node) => string;
  readonly count: () => Promise<number>;
}

/** The arguments of a list. */
export interface PageArgs {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** The size of a page that is not asked for with `first`. */
const USUAL = 100;

/**
 * Reads one page of a list. It stays right while things are added and removed: it goes on after a place,
 * not after a number of things.
 *
 * @throws {LimitError} for a page that is too large, {@link InputError} for a cursor of another list.
 */
export async function keysetPage<Node>(
  context: Context,
  { first, after }: PageArgs,
  { scope, read, place, count }: Listing<Node>,
): Promise<Page<Node>> {
  const size = pageSize(first, MOST.others, USUAL);
  const [start] = typeof after === "string" ? decodeCursor(context, scope, after) : [null];
  const found = await read(size + 1, typeof start === "string" ? start : null);
  const nodes = found.slice(0, size);
  return {
    nodes,
    cursorOf: (index) => encodeCursor(context, scope, nodes.slice(index, index + 1).map(place)),
    hasNextPage: found.length > size,
    hasPreviousPage: typeof after === "string",
    totalCount: count,
  };
}
