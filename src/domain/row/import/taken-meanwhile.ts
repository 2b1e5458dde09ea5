import { dropTaken, type Slice, type Staging } from "../../../db/row-staging.ts";
import type { Transaction } from "../../../db/transaction.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import { uniqueColumns } from "../../../access/write-needs.ts";
import type { ImportFault } from "./import-fault.ts";
import { takenBy } from "../write/stored-faults.ts";

/** Takes away the rows that wait for values which other rows have got by now. */
export async function takenMeanwhile(
  transaction: Transaction,
  { definition, plan }: KnownDataset,
  staging: Staging,
  slices: readonly Slice[],
): Promise<ImportFault[]> {
  const faults: ImportFault[] = [];
  for (const columns of uniqueColumns(definition)) {
    for (const slice of slices) {
      const places = await dropTaken(transaction, staging, columns, slice);
      faults.push(...places.map((at) => ({ at, ...takenBy(plan, columns) })));
    }
  }
  return faults;
}
