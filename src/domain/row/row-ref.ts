import type { Row } from "../../db/shown-row.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf } from "../../graphql/connection.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";

/** A row that the caller sees, with the decision about its dataset. */
export interface SeenRow {
  readonly dataset: KnownDataset;
  readonly row: Row;
}

/** The type `Row`, for those that answer rows. */
export const RowRef = builder.objectRef<SeenRow>("Row");

/** A page of rows. */
export const RowConnection = connectionOf("Row", RowRef);
