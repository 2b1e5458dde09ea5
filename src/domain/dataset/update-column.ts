import type { ColumnDefinition, DatasetDefinition } from "../../db/dataset-definition.ts";
import {
  addStorageColumn,
  copyStorageColumn,
  dropStorageColumn,
} from "../../db/dataset-storage.ts";
import type { Context } from "../../graphql/context.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import type { KnownColumn } from "../../access/refs.ts";
import {
  columnToChange,
  countChange,
  orFault,
  requireAllReached,
  storeColumns,
} from "./change-definition.ts";
import {
  asksCells,
  requireFilled,
  requireOptions,
  requireReadEverywhere,
} from "./data-questions.ts";
import { type DefinitionFault, refuseDefinition, sizeFaults } from "./definition-faults.ts";
import type { UpdateColumnShape } from "./definition-inputs.ts";
import {
  requireNoCondition,
  requireNoKey,
  requireNoOptionsFrom,
  requireNoRowFilter,
} from "./named-by.ts";
import { optionSources } from "./option-sources.ts";
import {
  nameTakenFaults,
  parseColumnInput,
  sourceAfter,
  updatedInput,
} from "./parse-definition.ts";

/**
 * Changes a column, and converts its cells where its type changes.
 *
 * @returns Its UUID.
 */
export async function updateColumn(context: Context, update: UpdateColumnShape): Promise<string> {
  const known = await columnToChange(context, update.id);
  const { dataset, definition: was } = known;
  const becomes = await parsedUpdate(context, known, update);
  const isConverted = becomes.type !== was.type;
  if (isConverted) {
    await requireNoOptionsFrom(context, [was.id]);
    await requireNoRowFilter(context, dataset, was.id);
    await requireNoCondition(context, dataset, was.id);
  }
  if (asksCells(was, becomes)) requireReadEverywhere(dataset, was);
  if (becomes.required && !was.required) await requireFilled(context, dataset, [was], "required");
  await (isConverted
    ? convert(context, known, becomes)
    : store(context, dataset.definition, becomes));
  return was.id;
}

async function convert(
  context: Context,
  { dataset, definition: was }: KnownColumn,
  becomes: ColumnDefinition,
) {
  const { transaction } = context;
  const { id, nextSlot } = dataset.definition;
  const column = { ...becomes, slot: nextSlot };
  await addStorageColumn(transaction, id, column);
  await orFault(copyStorageColumn(transaction, id, { from: was.slot, to: nextSlot }), {
    CONVERSION: {
      field: "type",
      message: `Some values do not convert to ${column.type} without a loss.`,
    },
  });
  await requireOptions(context, withColumn(dataset, column), column);
  await store(context, dataset.definition, column);
  await dropStorageColumn(transaction, id, was.slot);
}

function withColumn(dataset: KnownDataset, column: ColumnDefinition): KnownDataset {
  const { definition } = dataset;
  return { ...dataset, definition: { ...definition, columns: columnsWith(definition, column) } };
}

function columnsWith({ columns }: DatasetDefinition, column: ColumnDefinition): ColumnDefinition[] {
  return columns.map((each) => (each.id === column.id ? column : each));
}

async function store(context: Context, before: DatasetDefinition, column: ColumnDefinition) {
  const columns = columnsWith(before, column);
  await orFault(storeColumns(context, before, columns), {
    DUPLICATE: { field: "unique", message: "Some rows have the same value." },
    CONVERSION: { field: "indexed", message: "Some rows hold a text too long for an index." },
  });
  await countChange(context, before, { nextSlot: Math.max(before.nextSlot, column.slot + 1) });
}

async function parsedUpdate(
  context: Context,
  { dataset: { definition }, definition: was }: KnownColumn,
  update: UpdateColumnShape,
): Promise<ColumnDefinition> {
  const { ids, faults } = await optionSources(context, [update.optionsFrom]);
  const parsed = parseColumnInput(updatedInput(was, update), {
    keyPosition: was.keyPosition,
    optionsFrom: sourceAfter(was, update, ids[0] ?? null),
  });
  const { id, slot, position } = was;
  const becomes = parsed.ok ? { ...parsed.column, id, slot, position } : null;
  refuseDefinition([
    ...(parsed.ok ? [] : parsed.faults),
    ...faults.map(({ field, message }) => ({ field, message })),
    ...(ids[0] === id ? [OWN_OPTIONS] : []),
    ...(update.name && update.name !== was.name ? nameTakenFaults(definition, update.name) : []),
    ...(becomes ? sizeFaults(columnsWith(definition, becomes)) : []),
    ...(becomes ? keyFaults(becomes) : []),
  ]);
  if (!becomes) throw new Error("A column without a fault was not parsed.");
  return becomes;
}

const OWN_OPTIONS: DefinitionFault = {
  field: "optionsFrom",
  message: "A column cannot take its options from itself.",
};

function keyFaults({ keyPosition, required, type }: ColumnDefinition): DefinitionFault[] {
  if (keyPosition === null) return [];
  return [
    ...(required ? [] : [{ field: "required", message: "A key column is required." }]),
    ...(type === "JSON" ? [{ field: "type", message: "A key column is not JSON." }] : []),
  ];
}

/**
 * Removes a column with its cells, and the grants on it.
 *
 * @returns The UUID of its dataset.
 * @throws {ConflictError} for a key column, and while others take their options from it or row filters or
 * conditions name it.
 */
export async function removeColumn(context: Context, id: string): Promise<string> {
  const { dataset, definition: gone } = await columnToChange(context, id);
  const { definition } = dataset;
  requireAllReached(dataset);
  requireNoKey(dataset, gone);
  await requireNoOptionsFrom(context, [gone.id], [gone.id]);
  await requireNoRowFilter(context, dataset, gone.id);
  await requireNoCondition(context, dataset, gone.id);
  const { tenantId } = definition;
  await storeColumns(
    context,
    definition,
    definition.columns.filter((column) => column !== gone),
  );
  await context.prisma.datasetColumn.delete({
    where: { tenantId_id: { tenantId, id: gone.id } },
    select: { id: true },
  });
  await dropStorageColumn(context.transaction, definition.id, gone.slot);
  await countChange(context, definition);
  return definition.id;
}
