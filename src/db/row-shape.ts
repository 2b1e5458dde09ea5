import type { ColumnDefinition } from "./dataset-definition.ts";
import type { Place } from "./shown-row.ts";

/** What an answer shows of each row: the names of its members, in their order, and what stands there. */
export type RowShape = readonly Member<RowPart>[];

/** One member of a JSON object. Its name is one of GraphQL or of a column, and needs no escape. */
export interface Member<Part> {
  readonly name: string;
  readonly part: Part;
}

/** What can stand in a member of a row. */
export type RowPart =
  | { readonly kind: "constant"; readonly json: string }
  | { readonly kind: "id" | "version" | "createdAt" | "createdBy" | "updatedAt" | "updatedBy" }
  /** The cells of these columns; those that may not be read in the row are absent. */
  | { readonly kind: "values"; readonly columns: readonly ColumnDefinition[] }
  /** The names of those of these columns that may not be read in the row. */
  | { readonly kind: "hidden"; readonly columns: readonly ColumnDefinition[] }
  | CellShown
  /** The row within a row of its own, such as an edge. */
  | { readonly kind: "object"; readonly shape: RowShape }
  /** A text that is made of the place of the row. */
  | { readonly kind: "place"; readonly textOf: (place: Place) => string };

/** One cell as an object; where it may not be read, as a cell without a value, or null. */
export interface CellShown {
  readonly kind: "cell";
  readonly column: ColumnDefinition;
  readonly members: readonly Member<CellPart>[];
  readonly isNullWhenDenied: boolean;
}

/** What can stand in a member of a cell. */
export type CellPart = "value" | "text" | "number" | "boolean" | { readonly json: string };

/** The columns whose cells a shape shows. */
export function columnsIn(shape: RowShape): ColumnDefinition[] {
  const columns = partsIn(shape).flatMap((part) =>
    part.kind === "values" ? part.columns : part.kind === "cell" ? [part.column] : [],
  );
  return [...new Set(columns)];
}

/** The parts of a shape, and of the shapes in it. */
export function partsIn(shape: RowShape): RowPart[] {
  return shape.flatMap(({ part }) => (part.kind === "object" ? partsIn(part.shape) : [part]));
}
