import { createHash } from "node:crypto";
import type { LinkDefinition } from "../../db/dataset-definition.ts";
import { builder } from "../../graphql/builder.ts";
import { MOST, type Page, pageSize } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { decodeCursor, encodeCursor } from "../../graphql/cursor.ts";
import { noteRowsRead } from "../../access/audited-reads.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { knownLinksByName, oncePer, requireKnownLink } from "../../access/readable-columns.ts";
import { readableLinks } from "../../db/readable-view.ts";
import { countsOfLinkedRows, pagesOfLinkedRows } from "./row-loaders.ts";
import { RowConnection, RowRef, type SeenRow } from "./row-ref.ts";

/** How many rows a page has that does not say. */
const USUAL = 100;

builder.objectFields(RowRef, (t) => ({
  linked: t.field({
    type: RowConnection,
    description:
      "The rows that this one leads to by a link, as far as the caller sees them, ordered by id, a page at a time; of a link that is not `many`, one at most. Null where the caller knows the link and may not read it in this row. A link that it does not know is an error, as one that does not exist.",
    args: {
      link: t.arg.string({ required: true, description: "The name of the link." }),
      first: t.arg.int({
        description: `At most so many rows, up to ${MOST.rows}; ${USUAL} if not set.`,
      }),
      after: t.arg.string({ description: "The cursor of a row: the page begins after it." }),
    },
    resolve: (seen, { link, first, after }, context) =>
      linkedRows(context, seen, {
        link: requireKnownLink(seen.dataset, link),
        size: pageSize(first, MOST.rows, USUAL),
        after: after ?? null,
      }),
  }),
  hiddenLinks: t.stringList({
    nullable: false,
    description: "The names of links that the caller knows and may not read in this row.",
    resolve: (seen) =>
      [...knownLinksByName(seen.dataset).values()]
        .filter((link) => !isReadable(seen, link))
        .map(({ name }) => name),
  }),
}));

interface Asked {
  readonly link: LinkDefinition;
  readonly size: number;
  readonly after: string | null;
}

async function linkedRows(
  context: Context,
  seen: SeenRow,
  { link, size, after }: Asked,
): Promise<Page<SeenRow> | null> {
  if (!isReadable(seen, link)) return null;
  const scope = scopeOf(link.id, seen.row.id);
  const [start = null] = after === null ? [] : decodeCursor(context, scope, after);
  const target = await knownDatasets(context).load({ by: "id", value: link.targetId });
  if (target) noteRowsRead(context, target);
  const asked = target && { linkId: link.id, sourceId: seen.row.id, target };
  const rows = asked
    ? await pagesOfLinkedRows(context).load({
        ...asked,
        after: start === null ? null : String(start),
        limit: size + 1,
      })
    : [];
  return {
    nodes: target ? rows.slice(0, size).map((row) => ({ dataset: target, row })) : [],
    cursorOf: (index) => encodeCursor(context, scope, [rows[index]?.id ?? null]),
    hasNextPage: rows.length > size,
    hasPreviousPage: after !== null,
    totalCount: async () => (asked ? await countsOfLinkedRows(context).load(asked) : 0),
  };
}

/** What a cursor of linked rows is bound to, besides the tenant and the principal. */
function scopeOf(linkId: string, sourceId: string): string {
  const scope = JSON.stringify(["linked", linkId, sourceId]);
  return createHash("sha256").update(scope).digest("base64url");
}

/** Whether the caller may read where the row leads by the link; the view of its dataset has said so. */
function isReadable({ dataset, row: { hidden } }: SeenRow, { id }: LinkDefinition): boolean {
  return readable(dataset).has(id) && !hidden.includes(id);
}

/** The ids of the links that the caller may read in some row. */
const readable = oncePer(
  (dataset: KnownDataset): ReadonlySet<string> =>
    new Set(readableLinks(dataset).map(({ id }) => id)),
);
