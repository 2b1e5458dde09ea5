import { signatureOf } from "../../authz/principal.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { dropStorage } from "../../db/dataset-storage.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { keyColumns, keyed } from "../../db/key-columns.ts";
import { countLostLinks } from "../../db/lost-links.ts";
import type { Context } from "../../graphql/context.ts";
import { requireOpeningHeld } from "../../access/delegation.ts";
import { nameFaults, storedText } from "../../graphql/input-text.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import {
  countChange,
  datasetToChange,
  orFault,
  requireAllReached,
  storeColumns,
} from "./change-definition.ts";
import { columnsKnown } from "./column.ts";
import { requireFreeName } from "./create-dataset.ts";
import { requireFilled, requireReadEverywhere } from "./data-questions.ts";
import { refuseDefinition, sizeFaults, withKey } from "./definition-faults.ts";
import type { UpdateDatasetInput } from "./definition-inputs.ts";
import { requireNoOptionsFrom } from "./named-by.ts";
import { faultsOfTexts } from "./parse-definition.ts";

type Input = typeof UpdateDatasetInput.$inferInput;

/**
 * Changes a dataset, and which of its columns are its key.
 *
 * @returns Its UUID.
 */
export async function updateDataset(context: Context, input: Input): Promise<string> {
  const dataset = await datasetToChange(context, input.id);
  const { definition } = dataset;
  const columns = columnsAfter(dataset, input);
  if (input.name && input.name !== definition.name) await requireFreeName(context, input.name);
  if (input.accessLevel === "OPEN" && definition.accessLevel !== "OPEN") {
    await requireOpeningHeld(context, definition.id);
  }
  if (columns) await changeKey(context, dataset, columns);
  await countChange(context, definition, changesOf(input));
  return definition.id;
}

/** The columns by the key that the input names; null where it names none. Refuses every fault at once. */
function columnsAfter(dataset: KnownDataset, input: Input): ColumnDefinition[] | null {
  const names = input.keyColumns ?? null;
  const known = columnsKnown(dataset).map(({ definition }) => definition);
  refuseDefinition([
    ...nameFaults("name", input.name).map((message) => ({ field: "name", message })),
    ...faultsOfTexts(input),
    ...(names ? withKey(known, names).faults : []),
  ]);
  if (names === null) return null;
  // Of all columns, now that every name is one that the caller knows: until then nothing depends on others.
  const { columns } = keyed(dataset.definition.columns, names);
  refuseDefinition(sizeFaults(columns));
  return columns;
}

async function changeKey(
  context: Context,
  dataset: KnownDataset,
  columns: readonly ColumnDefinition[],
): Promise<void> {
  const { definition } = dataset;
  const key = keyColumns(columns);
  if (!isSameKey(key, keyColumns(definition.columns))) {
    for (const column of key) requireReadEverywhere(dataset, column);
    await requireFilled(context, dataset, key, "keyColumns");
  }
  await orFault(storeColumns(context, definition, columns), {
    DUPLICATE: { field: "keyColumns", message: "Some rows agree in all of these columns." },
    CONVERSION: { field: "keyColumns", message: "Some rows hold a text too long for a key." },
  });
}

/** Whether two keys are made of the same columns, in whichever order. */
function isSameKey(one: readonly ColumnDefinition[], other: readonly ColumnDefinition[]): boolean {
  const ids = new Set(one.map(({ id }) => id));
  return one.length === other.length && other.every(({ id }) => ids.has(id));
}

function changesOf(input: Input): Prisma.DatasetUpdateInput {
  const { name, label, description, accessLevel, auditReads } = input;
  return {
    ...(typeof name === "string" && { name }),
    ...(typeof label === "string" && { label: storedText(label) }),
    ...(typeof description === "string" && { description: storedText(description) }),
    ...(accessLevel && { accessLevel }),
    ...(typeof auditReads === "boolean" && { auditReads }),
  };
}

/**
 * Deletes a dataset with its rows, the links from and to them, and the grants on it.
 *
 * @throws {ConflictError} while columns of other datasets take their options from it.
 */
export async function deleteDataset(context: Context, id: string): Promise<void> {
  const dataset = await datasetToChange(context, id);
  requireAllReached(dataset);
  const { definition } = dataset;
  const columnIds = definition.columns.map((column) => column.id);
  await requireNoOptionsFrom(context, columnIds, columnIds);
  const stamp = { by: signatureOf(context.rights.principal), at: context.now };
  await countLostLinks(context.transaction, definition, stamp);
  await dropStorage(context.transaction, definition.id);
  const { tenantId } = definition;
  await context.prisma.dataset.delete({
    where: { tenantId_id: { tenantId, id: definition.id } },
    select: { id: true },
  });
}
