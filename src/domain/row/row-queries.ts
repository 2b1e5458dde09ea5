import { createHash } from "node:crypto";
import type { Predicate } from "../../authz/predicate.ts";
import { decodeId } from "../../db/id.ts";
import { readableColumns } from "../../db/readable-view.ts";
import type { OrderKey } from "../../db/row-pages.ts";
import type { Place } from "../../db/shown-row.ts";
import { builder } from "../../graphql/builder.ts";
import { MOST, type Page, pageSize } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { decodeCursor, encodeCursor } from "../../graphql/cursor.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { DatasetRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { readableByName } from "../../access/readable-columns.ts";
import { rowFilter } from "../../access/row-filter.ts";
import { RowFilter } from "../../access/row-filter-input.ts";
import { requireRead } from "./require-read.ts";
import { RowOrder } from "./row-inputs.ts";
import { countsOfRows, pagesOfRows, seenRows } from "./row-loaders.ts";
import { rowOrder } from "./row-order.ts";
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
    resolve: (dataset, { first, after, filter, orderBy }, context) => {
      requireRead(dataset);
      const columns = readableByName(dataset);
      return readPage(context, {
        dataset,
        filter: rowFilter(filter, columns),
        order: rowOrder(orderBy, columns),
        after: after ?? null,
        size: pageSize(first, MOST.rows, USUAL),
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
}

async function readPage(context: Context, asked: PageOfRows): Promise<Page<SeenRow>> {
  const { dataset, filter, order, after, size } = asked;
  const scope = once(() => scopeOf(asked));
  const rows = await pagesOfRows(context).load({
    dataset,
    filter,
    order,
    columns: readableColumns(dataset),
    ids: null,
    after: after === null ? null : placeOf(decodeCursor(context, scope(), after)),
    limit: size + 1,
  });
  return {
    nodes: rows.slice(0, size).map((row) => ({ dataset, row })),
    cursorOf: ({ row: { place } }) => encodeCursor(context, scope(), [place.id, ...place.cells]),
    hasNextPage: rows.length > size,
    hasPreviousPage: after !== null,
    totalCount: () => countsOfRows(context).load({ dataset, filter }),
  };
}

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
