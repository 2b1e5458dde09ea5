import type { GraphQLSchema } from "graphql";
import { isFieldKnown } from "../../authz/access-plan.ts";
import { ACTIONS, type Action } from "../../authz/action.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { decodeId, typeOfId } from "../../db/id.ts";
import type { Row } from "../../db/shown-row.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError } from "../../graphql/errors.ts";
import { findNode } from "../../graphql/node.ts";
import { isPermission } from "../../graphql/permissions.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { requireKnown } from "../../access/readable-columns.ts";

/** An action, where a caller names one. */
export const ActionEnum = builder.enumType("Action", {
  description: "What can be done with data.",
  values: {
    READ: { description: "See rows and read their cells." },
    CREATE: { description: "Make rows and set their cells." },
    UPDATE: { description: "Change cells of rows." },
    DELETE: { description: "Delete whole rows." },
  } satisfies Record<Action, object>,
});

/** What access is explained to, as a caller writes it. */
export interface AccessObjectInput {
  readonly permission?: string | null | undefined;
  readonly datasetId?: string | null | undefined;
  readonly columnId?: string | null | undefined;
  readonly rowId?: string | null | undefined;
  readonly column?: string | null | undefined;
}

/** The argument `object` of `explainAccess`. */
export const AccessObject = builder.inputRef<AccessObjectInput>("AccessObject").implement({
  description:
    "What access is explained to: a permission, a dataset, a column or a row; a cell is a row and a column.",
  fields: (t) => ({
    permission: t.string({ description: "The name of a permission, without an action." }),
    datasetId: t.id({ description: "A dataset; with `column`, a column of it." }),
    columnId: t.id({ description: "The id of a column." }),
    rowId: t.id({ description: "A row; with `column`, a cell of it." }),
    column: t.string({ description: "The name of a column, with `datasetId` or `rowId`." }),
  }),
});

/** A permission that there is. */
export interface AskedPermission {
  readonly permission: string;
}

/** A thing that the caller knows, and what is to be done with it. */
export interface AskedData {
  readonly action: Action;
  readonly dataset: KnownDataset;
  readonly column: ColumnDefinition | null;
  /** A row that the caller sees. */
  readonly row: Row | null;
}

/**
 * What a question is about; null for what does not exist for the caller, as for what does not exist.
 *
 * @throws {InputError} for what is no question; and for the name of a column that the caller does not know,
 *   as for one that does not exist.
 */
export async function askedIn(
  context: Context,
  object: AccessObjectInput,
  { action, schema }: { action: Action | null; schema: GraphQLSchema },
): Promise<AskedPermission | AskedData | null> {
  const fault = faultOf(object, action);
  if (fault !== null) throw new InputError(fault);
  const { permission } = object;
  if (typeof permission === "string")
    return isPermission(schema, permission) ? { permission } : null;
  const found = action && (await thingIn(context, object));
  if (!found) return null;
  const column =
    typeof object.column === "string" ? requireKnown(found.dataset, object.column) : found.column;
  return { ...found, action, column };
}

/** What is wrong with a question, whatever there is; null: nothing. */
function faultOf(object: AccessObjectInput, action: Action | null): string | null {
  const { permission, datasetId, columnId, rowId, column } = object;
  if ([permission, datasetId, columnId, rowId].filter(isThere).length !== 1) {
    return "Name one object: a permission, a datasetId, a columnId or a rowId.";
  }
  if (isThere(column) && !isThere(datasetId) && !isThere(rowId)) {
    return "The name of a column stands beside a datasetId or a rowId.";
  }
  if (isThere(permission)) {
    return action === null ? null : "An action is done with data; a permission has none.";
  }
  if (action === null) return `Say which action: ${ACTIONS.join(", ")}.`;
  if (action === "DELETE" && (isThere(columnId) || isThere(column))) {
    return "DELETE is for rows as a whole: ask about the dataset or the row.";
  }
  return action === "CREATE" && isThere(rowId)
    ? "A row that is there cannot be made: ask about its dataset, or a column of it."
    : null;
}

function isThere(text: string | null | undefined): text is string {
  return typeof text === "string";
}

type Thing = Omit<AskedData, "action">;

async function thingIn(
  context: Context,
  { datasetId, columnId, rowId }: AccessObjectInput,
): Promise<Thing | null> {
  if (typeof rowId === "string") return await rowIn(context, rowId);
  if (typeof columnId === "string") return await columnIn(context, columnId);
  const value = decodeId("Dataset", datasetId ?? "");
  const dataset = value && (await knownDatasets(context).load({ by: "id", value }));
  return dataset ? { dataset, column: null, row: null } : null;
}

async function columnIn(context: Context, id: string): Promise<Thing | null> {
  const value = decodeId("Column", id);
  const dataset = value && (await knownDatasets(context).load({ by: "columnId", value }));
  const column = dataset && dataset.definition.columns.find((each) => each.id === value);
  return dataset && column && isFieldKnown(dataset.plan, column.id)
    ? { dataset, column, row: null }
    : null;
}

/** By the way that `node` takes, so that nothing is told of rows that it does not lead to. */
async function rowIn(context: Context, id: string): Promise<Thing | null> {
  if (typeOfId(id) !== "Row") return null;
  const found = (await findNode(context, id)) as Pick<Thing, "dataset" | "row"> | null;
  return found && { dataset: found.dataset, row: found.row, column: null };
}
