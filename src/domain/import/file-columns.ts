import {
  type ColumnDefinition,
  type NewColumn,
  PLAIN_COLUMN,
} from "../../db/dataset-definition.ts";
import { placed } from "../../db/dataset-storage.ts";
import { keyed } from "../../db/key-columns.ts";
import { chosenNames, type ColumnChoices } from "./column-choices.ts";
import { FaultyRecords, ImportError } from "../../records/import-error.ts";
import { ColumnInference, type InferredColumn, type Sample } from "./infer-columns.ts";
import { OfferedValues } from "./offered-values.ts";
import type { OnBytes } from "../../records/read-records.ts";
import { readFileRecords, sourceFormat } from "../../records/source-file.ts";

/** What the columns of a file are to be. */
export interface FileColumns {
  readonly columns: readonly ColumnDefinition[];
  /** By the name of a column whose cells look like several types, the first cell of each. */
  readonly mixed: ReadonlyMap<string, readonly Sample[]>;
}

/**
 * Reads a file for its columns: what its cells could be, all of them, unless the caller chose a type. Records
 * that cannot be read are told when the file is read for its rows, unless there is nothing else in it.
 *
 * @throws {ImportError} for a file without columns, and for choices that do not fit it.
 */
export async function columnsOfFile(
  path: string,
  choices: ColumnChoices,
  onBytes: OnBytes,
): Promise<FileColumns> {
  const format = sourceFormat(path);
  const inference = new ColumnInference(format);
  const offered = new OfferedValues(format, choices);
  const faulty = new FaultyRecords();
  for await (const item of readFileRecords(path, onBytes)) {
    if (item.kind === "fault") faulty.add(item.at, item.reason);
    else if (item.kind === "record") {
      inference.addRecord(item.cells, item.at);
      offered.addRecord(item.cells);
    } else {
      // A choice that does not fit is known before gigabytes are read.
      chosenNames(item.headers, choices);
      inference.addHeader(item.headers);
    }
  }
  const inferred = inference.columns();
  if (inferred.length === 0) {
    faulty.refuse();
    throw new ImportError(null, "The file has no columns.");
  }
  const names = chosenNames(
    inferred.map(({ header }) => header),
    choices,
  );
  return withKey(inferred, { names, choices, offered });
}

interface Chosen {
  readonly names: readonly string[];
  readonly choices: ColumnChoices;
  readonly offered: OfferedValues;
}

function withKey(
  inferred: readonly InferredColumn[],
  { names, choices, offered }: Chosen,
): FileColumns {
  const mixed = new Map<string, readonly Sample[]>();
  const columns = inferred.map(({ header, type, mixed: samples }, index): NewColumn => {
    const name = names[index] ?? "";
    const chosen = choices.types?.get(name);
    if (samples.length > 0 && chosen === undefined) mixed.set(name, samples);
    const options = chosen === "SELECT" ? offered.optionsOf(header) : null;
    return { ...PLAIN_COLUMN, name, label: header, type: chosen ?? type, options };
  });
  const { columns: withPlaces, faults } = keyed(columns, choices.key ?? []);
  if (faults.length > 0) throw new ImportError(null, faults.join(" "));
  return { columns: placed(withPlaces, { slot: 1, position: 1 }), mixed };
}
