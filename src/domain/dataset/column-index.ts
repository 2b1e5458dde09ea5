import { createContextCache } from "@pothos/core";
import DataLoader from "dataloader";
import { readsEverywhere } from "../../authz/access-plan.ts";
import { permits } from "../../authz/rights.ts";
import { type IndexState, indexStates } from "../../db/index-states.ts";
import { ColumnRef, type KnownColumn } from "../../access/refs.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { may } from "../../graphql/scopes.ts";

const IndexStateEnum = builder.enumType("IndexState", {
  description: "The state of the index of a column.",
  values: {
    BUILDING: { description: "It is being built, or waits for it: searches read every row." },
    READY: { description: "Searches use it." },
    FAILED: { description: "It could not be built: searches read every row." },
  } as const,
});

const ColumnIndexRef = builder.objectRef<IndexState>("ColumnIndex").implement({
  description: "The index by which filters and orders find rows fast.",
  authScopes: may("column::update"),
  fields: (t) => ({
    state: t.field({
      type: IndexStateEnum,
      nullable: false,
      description: "Whether searches use it yet.",
      resolve: (index) => stateOf(index),
    }),
    progress: t.int({
      description: "How much of it is built, in percent; null where none is being built.",
      resolve: (index) => (stateOf(index) === "BUILDING" ? (index.progress ?? 0) : null),
    }),
    reason: t.string({
      description: "Why it could not be built, and what to do; null unless it has FAILED.",
      resolve: (index) =>
        stateOf(index) === "FAILED" && index.failure ? REASONS[index.failure] : null,
    }),
  }),
});

const REASONS: Readonly<Record<NonNullable<IndexState["failure"]>, string>> = {
  TOO_LONG:
    "Some cells are longer than an index takes, which is 2,500 bytes. Shorten them; it is tried again every ten minutes.",
  DATABASE: "The database failed. It is tried again every ten minutes.",
};

function stateOf({ isReady, failure }: IndexState): "READY" | "FAILED" | "BUILDING" {
  if (isReady) return "READY";
  return failure ? "FAILED" : "BUILDING";
}

builder.objectField(ColumnRef, "index", (t) =>
  t.field({
    type: ColumnIndexRef,
    description:
      "The state of the index of a column that is `indexed`, unique or part of the key; null of others, and to whoever lacks the permission `column::update` or READ on it in every row.",
    resolve: (column, _args, context) =>
      maySee(context, column) ? indexOf(context, column) : null,
  }),
);

/**
 * Only who may change a column hears how it stands with its index, and reads it in every row: how much there is to
 * index, and whether all of it can be, tells of each. Nobody does without a credential.
 */
function maySee({ rights }: Context, { dataset: { plan }, definition }: KnownColumn): boolean {
  const isMember = rights.principal.kind !== "ANONYMOUS";
  return isMember && permits(rights, "column::update") && readsEverywhere(plan, definition.id);
}

/** What keeps values unique is there from the moment that the definition says so. */
async function indexOf(context: Context, { dataset, definition }: KnownColumn) {
  const { id, indexed, unique, keyPosition } = definition;
  if (!indexed) return unique || keyPosition !== null ? readyIndex(id) : null;
  return await indexStateOf(context).load({ columnId: id, datasetId: dataset.definition.id });
}

function readyIndex(columnId: string): IndexState {
  return { columnId, isReady: true, progress: null, failure: null };
}

interface ColumnPlace {
  readonly columnId: string;
  readonly datasetId: string;
}

/** The states of the indexes of columns; one statement, however many columns are asked for. */
const indexStateOf = createContextCache(
  (context: Context) =>
    new DataLoader<ColumnPlace, IndexState | null, string>(
      async (places) => {
        const datasetIds = [...new Set(places.map(({ datasetId }) => datasetId))];
        const states = await indexStates(context.transaction, datasetIds);
        const byColumn = new Map(states.map((state) => [state.columnId, state]));
        return places.map(({ columnId }) => byColumn.get(columnId) ?? null);
      },
      { cacheKeyFn: ({ columnId }) => columnId },
    ),
);
