import sql, { raw, type Sql } from "sql-template-tag";
import type { ColumnDefinition } from "../dataset-definition.ts";
import { cellName } from "../predicate-sql.ts";
import { isVarying, type PlannedDataset } from "../readable-view.ts";
import { columnsIn, partsIn, type RowPart, type RowShape } from "../row-shape.ts";

/** What a row of a view has beside its cells. */
export type Beside =
  | "id"
  | "version"
  | "created_at"
  | "created_by"
  | "updated_at"
  | "updated_by"
  | "held";

/** The fields that a statement answers of each row, and where. */
export interface RowFields {
  /** In their order: of a row `r` of the view. */
  readonly selected: readonly Sql[];
  /** The place of what stands beside the cells, or of a column. */
  readonly placeOf: (what: Beside | ColumnDefinition) => number;
}

const BESIDE: Readonly<Partial<Record<RowPart["kind"], Beside>>> = {
  id: "id",
  version: "version",
  createdAt: "created_at",
  createdBy: "created_by",
  updatedAt: "updated_at",
  updatedBy: "updated_by",
};

/**
 * The fields that a shape is written from.
 *
 * @param keys Columns whose cells are needed besides, with the id; null: neither.
 * @param before How many fields the statement answers before them.
 */
export function rowFields(
  dataset: PlannedDataset,
  shape: RowShape,
  keys: readonly ColumnDefinition[] | null,
  before: number,
): RowFields {
  const beside = new Set<Beside>([
    ...partsIn(shape).flatMap(({ kind }) => BESIDE[kind] ?? []),
    ...(keys ? (["id"] as const) : []),
    ...(isVarying(dataset) ? (["held"] as const) : []),
  ]);
  const fields = [...beside, ...new Set([...columnsIn(shape), ...(keys ?? [])])];
  const places = new Map(fields.map((field, index) => [field, before + index]));
  return {
    selected: fields.map(fieldSql),
    placeOf: (what) => {
      const place = places.get(what);
      if (place === undefined) throw new Error("The statement does not answer this field.");
      return place;
    },
  };
}

/** A boolean is written as JSON has it. */
function fieldSql(field: Beside | ColumnDefinition): Sql {
  if (typeof field === "string") return raw(`r.${field}`);
  return field.type === "BOOLEAN" ? sql`r.${cellName(field)}::text` : sql`r.${cellName(field)}`;
}
