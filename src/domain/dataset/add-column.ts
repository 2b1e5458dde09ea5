import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { addStorageColumn, placed } from "../../db/dataset-storage.ts";
import { encodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { countChange, datasetToChange, storeColumns } from "./change-definition.ts";
import { withholdFromOthers } from "./field-readers.ts";
import { requireNoRows } from "./data-questions.ts";
import { refuseDefinition, sizeFaults } from "./definition-faults.ts";
import type { AddColumnInput } from "./definition-inputs.ts";
import { optionSources } from "./option-sources.ts";
import { nameTakenFaults, parseColumnInput } from "./parse-definition.ts";

type Input = typeof AddColumnInput.$inferInput;

/**
 * Adds a column of empty cells at the end, and withholds it from all but those who are to read it.
 *
 * @returns Its UUID.
 */
export async function addColumn(context: Context, input: Input): Promise<string> {
  const dataset = await datasetToChange(context, input.datasetId);
  const { definition } = dataset;
  const column = await parsedColumn(context, dataset, input);
  if (column.required) await requireNoRows(context, dataset);
  await addStorageColumn(context.transaction, definition.id, column);
  await storeColumns(context, definition, [...definition.columns, column]);
  await countChange(context, definition, { nextSlot: column.slot + 1 });
  const { readableBy } = input;
  if (readableBy) {
    const place = { datasetId: definition.id, columnId: column.id };
    await withholdFromOthers(context, place, readableBy);
  }
  context.nameTarget(encodeId("Column", column.id));
  return column.id;
}

async function parsedColumn(
  context: Context,
  { definition }: KnownDataset,
  { column: input }: Input,
): Promise<ColumnDefinition> {
  const { ids, faults } = await optionSources(context, [input.optionsFrom]);
  const parsed = parseColumnInput(input, { keyPosition: null, optionsFrom: ids[0] ?? null });
  const last = definition.columns.at(-1)?.position ?? 0;
  const place = { slot: definition.nextSlot, position: last + 1 };
  const [column] = parsed.ok ? placed([parsed.column], place) : [];
  refuseDefinition([
    ...(parsed.ok ? [] : parsed.faults),
    ...faults.map(({ field, message }) => ({ field, message })),
    ...nameTakenFaults(definition, input.name),
    ...(column ? sizeFaults([...definition.columns, column]) : []),
  ]);
  if (!column) throw new Error("A column without a fault was not parsed.");
  return column;
}
