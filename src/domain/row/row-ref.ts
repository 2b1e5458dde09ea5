import type { Row } from "../../db/row-pages.ts";
import { builder } from "../../graphql/builder.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";

/** A row that the caller sees, with the decision about its dataset. */
export interface SeenRow {
  readonly dataset: KnownDataset;
  readonly row: Row;
}

/** The type `Row`, for those that answer rows. */
export const RowRef = builder.objectRef<SeenRow>("Row");
