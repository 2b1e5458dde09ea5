import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { gives } from "../../authz/access-plan.ts";
import { EVERY_ROW } from "../../authz/predicate.ts";
import {
  linkedCounts,
  type LinkedPageRequest,
  linkedPages,
  type LinkedRows,
} from "../../db/linked-rows.ts";
import { type JsonPage, type JsonPageRequest, jsonPages } from "../../db/json-pages.ts";
import { readableColumns } from "../../db/readable-view.ts";
import {
  groupCounts,
  type Grouping,
  type GroupsRequest,
  type RowGroup,
  rowGroups,
} from "../../db/row-aggregates.ts";
import { type CountRequest, rowCounts } from "../../db/row-counts.ts";
import { type PageRequest, rowPages } from "../../db/row-pages.ts";
import type { Row } from "../../db/shown-row.ts";
import type { Context } from "../../graphql/context.ts";
import { LimitError } from "../../graphql/errors.ts";
import { oneForEach } from "../../graphql/for-each-key.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";

/** Pages of rows: one statement for all the datasets of a request that are asked at once. */
export const pagesOfRows = createContextCache(
  ({ transaction }: Context) =>
    new DataLoader<PageRequest, Row[]>((requests) => rowPages(transaction, requests), {
      cache: false,
    }),
);

/** Pages of rows as JSON: one statement for all the datasets of a request that are asked at once. */
export const jsonPagesOfRows = createContextCache(
  ({ transaction }: Context) =>
    new DataLoader<JsonPageRequest, JsonPage>((requests) => jsonPages(transaction, requests), {
      cache: false,
    }),
);

/** Counts of rows: one statement for all that are asked at once. */
export const countsOfRows = createContextCache(
  ({ transaction }: Context) =>
    new DataLoader<CountRequest, number>((requests) => rowCounts(transaction, requests), {
      cache: false,
    }),
);

/** Pages of groups of rows: one statement for all that are asked at once. */
export const groupsOfRows = createContextCache(
  ({ transaction }: Context) =>
    new DataLoader<GroupsRequest, RowGroup[]>((requests) => rowGroups(transaction, requests), {
      cache: false,
    }),
);

/** Counts of groups: one statement for all that are asked at once. */
export const countsOfGroups = createContextCache(
  ({ transaction }: Context) =>
    new DataLoader<Grouping, number>((groupings) => groupCounts(transaction, groupings), {
      cache: false,
    }),
);

/** How many linked rows one request reads at most: they multiply at every link that leads on from them. */
const MOST_LINKED = 100_000;

/**
 * Pages of linked rows: one statement for all the rows of a request that lead to some at once.
 *
 * @throws {LimitError} where a request reads more of them than one may.
 */
export const pagesOfLinkedRows = createContextCache(({ transaction }: Context) => {
  let left = MOST_LINKED;
  return new DataLoader<LinkedPageRequest, Row[]>(
    async (requests) => {
      const pages = await linkedPages(transaction, requests, left);
      if (!pages) throw new LimitError(TOO_MANY);
      left -= pages.flat().length;
      return pages;
    },
    { cache: false },
  );
});

const TOO_MANY = `A request reads at most ${MOST_LINKED} rows by links. Ask for fewer rows, or smaller pages with \`first\`.`;

/** Counts of linked rows: one statement for all that are asked at once. */
export const countsOfLinkedRows = createContextCache(
  ({ transaction }: Context) =>
    new DataLoader<LinkedRows, number>((requests) => linkedCounts(transaction, requests), {
      cache: false,
    }),
);

/** Names one row. */
export interface RowKey {
  readonly dataset: KnownDataset;
  readonly id: string;
}

/** Rows that the caller sees, by dataset and id; null for any other. One statement for all. */
export const seenRows = createContextCache(
  (context: Context) =>
    new DataLoader<RowKey, Row | null, string>(
      async (keys) => {
        const datasets = [...new Set(keys.map(({ dataset }) => dataset))];
        const pages = await Promise.all(
          datasets.map(async (dataset) => {
            const ids = keys.flatMap((key) => (key.dataset === dataset ? [key.id] : []));
            return await rowsOf(context, dataset, ids);
          }),
        );
        const ids = keys.map(({ id }) => id);
        return oneForEach(ids, pages.flat(), ({ id }) => id);
      },
      { cacheKeyFn: ({ dataset, id }) => `${dataset.definition.id} ${id}` },
    ),
);

async function rowsOf(context: Context, dataset: KnownDataset, ids: readonly string[]) {
  if (!gives(dataset.plan, "READ")) return [];
  return await pagesOfRows(context).load({
    dataset,
    columns: readableColumns(dataset),
    filter: EVERY_ROW,
    ids,
    order: [],
    after: null,
    limit: ids.length,
  });
}
