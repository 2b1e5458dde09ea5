import { RowFilter } from "../../../access/row-filter-input.ts";
import type { RowFilterInput } from "../../../access/row-filter.ts";
import { builder } from "../../../graphql/builder.ts";
import type { RowOrderInput } from "../row-order.ts";
import { RowOrder } from "../row-inputs.ts";

/** How the rows of an export are written. */
export type ExportFormat = "CSV" | "JSON_LINES" | "JSON";

/** What is to be exported, as a caller writes it; see the input type `ExportRowsInput`. */
export interface ExportRows {
  readonly datasetId: string;
  readonly format: ExportFormat;
  readonly columns?: readonly string[] | null | undefined;
  readonly filter?: RowFilterInput | null | undefined;
  readonly orderBy?: readonly RowOrderInput[] | null | undefined;
}

const ExportFormatEnum = builder.enumType("ExportFormat", {
  description: "How the rows of an export are written.",
  values: {
    CSV: {
      description:
        "As RFC 4180 has it, in UTF-8, with a header of column names. No value, and a cell that the caller may not read, is an empty field. An apostrophe stands before text that a spreadsheet would take for a formula; `npx fieldgate import` takes it off again.",
    },
    JSON_LINES: {
      description: "A JSON object on each line, with the cells as in `Row.values`.",
    },
    JSON: { description: "One JSON array of such objects." },
  },
});

/** The input of `exportRows`. */
export const ExportRowsInput = builder.inputType("ExportRowsInput", {
  description: "What is to be exported.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset whose rows they are." }),
    format: t.field({
      type: ExportFormatEnum,
      required: true,
      description: "How the rows are written.",
    }),
    columns: t.stringList({
      description:
        "Only these columns, in this order; all that the caller may read if not set. One that it may not read in any row is an error, as one that does not exist.",
    }),
    filter: t.field({ type: RowFilter, description: "Only rows that match." }),
    orderBy: t.field({
      type: [RowOrder],
      description: "The order; rows that agree in it, and all without one, are ordered by id.",
    }),
  }),
});
