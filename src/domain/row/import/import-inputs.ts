import { builder } from "../../../graphql/builder.ts";
import type { SourceFormat } from "../../../records/source-record.ts";
import { OnFaultEnum } from "../write/row-write-inputs.ts";
import type { OnFault } from "../write/write-result.ts";

/** How the file of an import is written. */
export type ImportFormat = "CSV" | "JSON_LINES" | "JSON";

/** The column that a header, or a key of JSON records, leads to; null: it is left out. */
export interface ImportColumn {
  readonly header: string;
  readonly column?: string | null | undefined;
}

/** What is to be imported, as a caller writes it; see the input type `ImportRowsInput`. */
export interface ImportRows {
  readonly datasetId: string;
  readonly format: ImportFormat;
  readonly columns?: readonly ImportColumn[] | null | undefined;
  readonly onFault?: OnFault | null | undefined;
}

/** What the reader of records calls each format. */
export const SOURCE_FORMATS: Readonly<Record<ImportFormat, SourceFormat>> = {
  CSV: "csv",
  JSON_LINES: "jsonl",
  JSON: "json",
};

const ImportFormatEnum = builder.enumType("ImportFormat", {
  description: "How the file of an import is written, in UTF-8.",
  values: {
    CSV: {
      description:
        "As RFC 4180 has it: commas, and a first line of headers. An empty field sets no value, and takes no default. Text that `exportRows` has marked with an apostrophe loses it.",
    },
    JSON_LINES: {
      description: "A JSON object on each line. A column that it does not name takes its default.",
    },
    JSON: { description: "One JSON array of such objects." },
  } satisfies Record<ImportFormat, object>,
});

const ImportColumnInput = builder.inputType("ImportColumn", {
  description: "The column that a header of the file leads to.",
  fields: (t) => ({
    header: t.string({
      required: true,
      description: "The header as the file has it; of JSON the key of the objects.",
    }),
    column: t.string({
      description: "The name of the column. If not set, what stands under the header is left out.",
    }),
  }),
});

/** The input of `importRows`. */
export const ImportRowsInput = builder.inputType("ImportRowsInput", {
  description: "What is to be imported.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset to make rows in." }),
    format: t.field({
      type: ImportFormatEnum,
      required: true,
      description: "How the file is written.",
    }),
    columns: t.field({
      type: [ImportColumnInput],
      description:
        "Where headers lead. Those that are not listed lead to the column of that name, or of the name that an import makes of them: `US Gross` to `us_gross`.",
    }),
    onFault: t.field({ type: OnFaultEnum, description: "REJECT_ALL if not set." }),
  }),
});
