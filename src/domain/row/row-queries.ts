import { createHash } from "node:crypto";
import type { Predicate } from "../../authz/predicate.ts";
import { decodeId } from "../../db/id.ts";
import { readableColumns } from "../../db/readable-view.ts";
import type { JsonPageRequest } from "../../db/json-pages.ts";
import type { OrderKey } from "../../db/row-stretches.ts";
import type { Place } from "../../db/shown-row.ts";
import { builder } from "../../graphql/builder.ts";
import { MOST, type Page, pageSize } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { decodeCursor, encodeCursor } from "../../graphql/cursor.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { DatasetRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { type SelectedField, selectedFields } from "../../graphql/selection.ts";
import { readableByName } from "../../access/readable-columns.ts";
import { rowFilter } from "../../access/row-filter.ts";
import { RowFilter } from "../../access/row-filter-input.ts";
import { requireRead } from "./require-read.ts";
import { RowOrder } from "./row-inputs.ts";
import { countsOfRows, jsonPagesOfRows, pagesOfRows, seenRows } from "./row-loaders.ts";
import { rowOrder } from "./row-order.ts";
import { edgeShape, rowShape } from "./selected-shape.ts";
import { RowConnection, RowRef, type SeenRow } from "./row-ref.ts";

/** How many rows a page has that does not say. */
const USUAL = 100;

builder.objectFields(DatasetRef, (t) => ({
  rows: t.field({
    type: RowConnection,
    description:
      "The rows that the caller sees, in an order, a page at a time. Without READ on any column it is FORBIDDEN.",
    authScopes: may("row::get"),
    args: {
      first: t.arg.int({
        description: `At most so many rows, up to ${MOST.rows}; ${USUAL} if not set.`,
      }),
      after: t.arg.string({ description: "The cursor of a row: the page begins after it." }),
      filter: t.arg({ type: RowFilter, description: "Only rows that match." }),
      orderBy: t.arg({
        type: [RowOrder],
        description: "The order; rows that agree in it, and all without one, are ordered by id.",
      }),
    },
    resolve: (dataset, { first, after, filter, orderBy }, context, info) => {
      requireRead(dataset);
      const columns = readableByName(dataset);
      return readPage(context, {
        dataset,
        filter: rowFilter(filter, columns),
        order: rowOrder(orderBy, columns),
        after: after ?? null,
        size: pageSize(first, MOST.rows, USUAL),
        fields: selectedFields(info),
      });
    },
  }),
  row: t.field({
    type: RowRef,
    description: "One row by its id; null where there is none that the caller sees.",
    authScopes: may("row::get"),
    args: { id: t.arg.id({ required: true, description: "The id of the row." }) },
    resolve: async (dataset, { id }, context) => {
      const uuid = decodeId("Row", id);
      const row = uuid && (await seenRows(context).load({ dataset, id: uuid }));
      return row ? { dataset, row } : null;
    },
  }),
  rowCount: t.int({
    description: "How many rows the caller sees. Without READ on any column it is FORBIDDEN.",
    authScopes: may("row::get"),
    resolve: (dataset, _args, context) => {
      requireRead(dataset);
      return countsOfRows(context).load({ dataset, filter: { kind: "all", of: [] } });
    },
  }),
}));

interface PageOfRows {
  readonly dataset: KnownDataset;
  readonly filter: Predicate;
  readonly order: readonly OrderKey[];
  readonly after: string | null;
  readonly size: number;
  /** What is selected of the page; null where that is not known. */
  readonly fields: readonly SelectedField[] | null;
}

async function readPage(context: Context, asked: PageOfRows): Promise<Page<SeenRow>> {
  const { dataset, filter } = asked;
  const scope = once(() => scopeOf(asked));
  const after = asked.after === null ? null : placeOf(decodeCursor(context, scope(), asked.after));
  const cursorOf = ({ id, cells }: Place) => encodeCursor(context, scope(), [id, ...cells]);
  const { placeAt, ...rows } = await rowsOfPage(context, asked, { after, cursorOf });
  return {
    ...rows,
    cursorOf: (index) => cursorOf(placeAt(index) ?? NOWHERE),
    hasPreviousPage: after !== null,
    totalCount: () => countsOfRows(context).load({ dataset, filter }),
  };
}

type CursorOf = (place: Place) => string;

/** Nobody asks for the cursor of a row that is not on the page. */
const NOWHERE: Place = { id: "", cells: [] };

interface ReadRows extends Pick<Page<SeenRow>, "nodes" | "json" | "hasNextPage"> {
  readonly placeAt: (index: number) => Place | null;
}

/** What is answered of the rows of a page: whoever asks for none of it, such as for a count alone, needs none read. */
const OF_THE_PAGE: ReadonlySet<string> = new Set(["nodes", "edges", "pageInfo"]);
const NOTHING: ReadRows = { nodes: [], hasNextPage: false, placeAt: () => null };

/** Reads the rows as the JSON that is asked for where that can be, and else as rows for the resolvers. */
async function rowsOfPage(
  context: Context,
  { dataset, filter, order, fields, size }: PageOfRows,
  { after, cursorOf }: { readonly after: Place | null; readonly cursorOf: CursorOf },
): Promise<ReadRows> {
  const request = { dataset, filter, order, ids: null, after };
  if (fields && !fields.some(({ name }) => OF_THE_PAGE.has(name))) return NOTHING;
  const asked = fields && jsonAsked(dataset, fields, cursorOf);
  if (asked) {
    const page = await jsonPagesOfRows(context).load({ ...request, ...asked, size });
    const placeAt = (index: number) => (index === 0 ? page.first : page.last);
    return { nodes: [], json: page, hasNextPage: page.hasMore, placeAt };
  }
  const columns = readableColumns(dataset);
  const rows = await pagesOfRows(context).load({ ...request, columns, limit: size + 1 });
  return {
    nodes: rows.slice(0, size).map((row) => ({ dataset, row })),
    hasNextPage: rows.length > size,
    placeAt: (index) => rows[index]?.place ?? null,
  };
}

/** Which JSON a page is asked for as a whole; null where its rows are asked for in more than one way. */
function jsonAsked(
  dataset: KnownDataset,
  fields: readonly SelectedField[],
  cursorOf: CursorOf,
): Pick<JsonPageRequest, "shape" | "isPlaced"> | null {
  const [list, ...others] = fields.filter(({ name }) => name === "nodes" || name === "edges");
  if (others.length > 0) return null;
  const under = list ? list.fields() : [];
  if (!under) return null;
  const isEdges = list?.name === "edges";
  const shape = isEdges ? edgeShape(dataset, under, cursorOf) : rowShape(dataset, under);
  const isPlaced = [
    ...fields.filter(({ name }) => name === "pageInfo"),
    ...(list ? [list] : []),
  ].some((field) => field.fields()?.some(({ name }) => PLACES.has(name)));
  return shape && { shape, isPlaced };
}

/** The fields that tell the place of a row. */
const PLACES: ReadonlySet<string> = new Set(["startCursor", "endCursor", "cursor"]);

/**
 * What a cursor of rows is bound to, besides the tenant and the principal. A digest, since a filter may be
 * long and a page has a cursor for each row.
 */
function scopeOf({ dataset, filter, order }: PageOfRows): string {
  const keys = order.map(({ column, descending, nullsFirst }) => [
    column.id,
    descending,
    nullsFirst,
  ]);
  const scope = JSON.stringify(["rows", dataset.definition.id, keys, filter]);
  return createHash("sha256").update(scope).digest("base64url");
}

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => (made ??= make());
}

function placeOf([id, ...cells]: readonly (string | boolean | null)[]): Place {
  return { id: String(id), cells };
}
