import type { ColumnDefinition } from "../db/dataset-definition.ts";
import { builder } from "./builder.ts";
import type { KnownDataset } from "./known-dataset.ts";

/** A column that the caller knows, with the dataset that it belongs to. */
export interface KnownColumn {
  readonly dataset: KnownDataset;
  readonly definition: ColumnDefinition;
}

/** The type `Dataset`, which several folders of the domain add fields to; `domain/dataset` defines it. */
export const DatasetRef = builder.objectRef<KnownDataset>("Dataset");

/** The type `Column`; `domain/dataset` defines it. */
export const ColumnRef = builder.objectRef<KnownColumn>("Column");
