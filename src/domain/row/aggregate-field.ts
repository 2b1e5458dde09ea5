import { createHash } from "node:crypto";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { AVERAGE_DIGITS, type GroupsRequest, type RowGroup } from "../../db/row-aggregates.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf, MOST, type Page, pageSize } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { decodeCursor, encodeCursor } from "../../graphql/cursor.ts";
import { DatasetRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { readableByName } from "../../access/readable-columns.ts";
import { rowFilter } from "../../access/row-filter.ts";
import { RowFilter } from "../../access/row-filter-input.ts";
import { aggregatedColumns, MOST_COMPUTED, MOST_KEYS } from "./aggregated-columns.ts";
import { countsOfGroups, groupsOfRows } from "./row-loaders.ts";
import { requireRead } from "./require-read.ts";

/** How many groups a page has that does not say. */
const USUAL = 100;

const NO_VALUE = "null where no row of the group shows a value";

const RowGroupRef = builder.objectRef<RowGroup>("RowGroup").implement({
  description: "Rows that agree in the columns of `groupBy`, as far as the caller sees them.",
  authScopes: may("row::get"),
  fields: (t) => ({
    keys: t.field({
      type: "JSON",
      description:
        "The cells that the rows agree in, by column name, as in `Row.values`. Null is no value, or none that the caller may read in these rows.",
      resolve: ({ keys }) => keys,
    }),
    count: t.int({
      nullable: false,
      description: "How many rows there are in the group, of those that the caller sees.",
      resolve: ({ count }) => count,
    }),
    sum: t.field({
      type: "JSON",
      description: `The sums of the columns named in \`sum\`, by column name: exact decimals, as strings; ${NO_VALUE}.`,
      resolve: ({ sum }) => sum,
    }),
    avg: t.field({
      type: "JSON",
      description: `The means of the columns named in \`avg\`, by column name: decimals, as strings, rounded half away from zero to ${AVERAGE_DIGITS} digits after the point more than the values have; ${NO_VALUE}.`,
      resolve: ({ avg }) => avg,
    }),
    min: t.field({
      type: "JSON",
      description: `The smallest cells of the columns named in \`min\`, by column name, as in \`Row.values\`; ${NO_VALUE}.`,
      resolve: ({ min }) => min,
    }),
    max: t.field({
      type: "JSON",
      description: `The largest cells of the columns named in \`max\`, by column name, as in \`Row.values\`; ${NO_VALUE}.`,
      resolve: ({ max }) => max,
    }),
  }),
});

const RowGroupConnection = connectionOf("RowGroup", RowGroupRef);

builder.objectField(DatasetRef, "aggregate", (t) =>
  t.field({
    type: RowGroupConnection,
    description: `The rows that the caller sees, counted and computed with, in groups that are ordered by their keys, those without a value last, a page at a time; without \`groupBy\` all rows are one group. A cell that may not be read in a row is no value there. At most ${MOST_KEYS} columns to group by, and ${MOST_COMPUTED} to compute. Without READ on any column it is FORBIDDEN.`,
    authScopes: may("row::get"),
    args: {
      filter: t.arg({ type: RowFilter, description: "Only rows that match." }),
      groupBy: t.arg.stringList({
        description:
          "The names of columns, of any type but JSON: a group has the same cells in them.",
      }),
      sum: t.arg.stringList({
        description: "The names of INTEGER and DECIMAL columns, for `RowGroup.sum`.",
      }),
      avg: t.arg.stringList({
        description: "The names of INTEGER and DECIMAL columns, for `RowGroup.avg`.",
      }),
      min: t.arg.stringList({
        description: "The names of columns, of any type but BOOLEAN and JSON, for `RowGroup.min`.",
      }),
      max: t.arg.stringList({
        description: "The names of columns, of any type but BOOLEAN and JSON, for `RowGroup.max`.",
      }),
      first: t.arg.int({
        defaultValue: USUAL,
        description: `At most so many groups, up to ${MOST.rows}.`,
      }),
      after: t.arg.string({ description: "The cursor of a group: the page begins after it." }),
    },
    resolve: (dataset, { filter, first, after, ...named }, context) => {
      requireRead(dataset);
      const columns = readableByName(dataset);
      const size = pageSize(first, MOST.rows, USUAL);
      return readGroups(context, after ?? null, {
        dataset,
        filter: rowFilter(filter, columns),
        ...aggregatedColumns(named, columns),
        limit: size + 1,
      });
    },
  }),
);

async function readGroups(
  context: Context,
  after: string | null,
  asked: Omit<GroupsRequest, "after">,
): Promise<Page<RowGroup>> {
  const { keys, limit } = asked;
  const scope = scopeOf(asked);
  const start = after === null ? null : decodeCursor(context, scope, after);
  const groups = await groupsOfRows(context).load({ ...asked, after: start });
  const nodes = groups.slice(0, limit - 1);
  return {
    nodes,
    cursorOf: (index) => encodeCursor(context, scope, placeOf(keys, nodes[index])),
    hasNextPage: groups.length > nodes.length,
    hasPreviousPage: after !== null,
    totalCount: () => countsOfGroups(context).load(asked),
  };
}

/** What a cursor of groups is bound to, besides the tenant and the principal; see that of rows. */
function scopeOf({ dataset, keys, filter }: Omit<GroupsRequest, "after">): string {
  const ids = keys.map(({ id }) => id);
  const scope = JSON.stringify(["groups", dataset.definition.id, ids, filter]);
  return createHash("sha256").update(scope).digest("base64url");
}

/** The keys of a group in the canonical form of cells. */
function placeOf(keys: readonly ColumnDefinition[], group: RowGroup | undefined) {
  return keys.map(({ name }) => {
    const cell = group?.keys[name] ?? null;
    return typeof cell === "number" ? String(cell) : cell;
  });
}
