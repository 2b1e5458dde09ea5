import { extname } from "node:path";
import { InvalidArgumentError } from "commander";
import type { ExportFormat } from "../domain/row/export/export-inputs.ts";

/** What `npx fieldgate export` takes besides the dataset, as commander hands it over. */
export interface ExportOptions {
  readonly tenant?: string;
  readonly output?: string;
  readonly format?: ExportFormat;
  readonly columns?: readonly string[];
  /** As it was written: the schema says whether it is a filter. */
  readonly filter?: unknown;
  readonly order?: readonly object[];
}

const FORMATS: Readonly<Record<string, ExportFormat>> = {
  csv: "CSV",
  jsonl: "JSON_LINES",
  ndjson: "JSON_LINES",
  json: "JSON",
};

/** The format that was asked for, or that the name of the file says. */
export function formatOf({ format, output = "" }: ExportOptions): ExportFormat {
  return format ?? FORMATS[extname(output).slice(1).toLowerCase()] ?? "CSV";
}

/** @throws {InvalidArgumentError} saying what formats there are. */
export function parseFormat(text: string): ExportFormat {
  const format = FORMATS[text.toLowerCase()];
  if (!format) throw new InvalidArgumentError("It is csv, jsonl or json.");
  return format;
}

/** @throws {InvalidArgumentError} for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError(`It is JSON, such as '{"column":"amount","gt":100}'.`);
  }
}

/** Reads `amount:DESC,region`; the schema says whether those are directions. */
export function parseOrder(text: string): object[] {
  return text.split(",").map((key) => {
    const [column = "", direction = "ASC", nulls] = key.split(":").map((word) => word.trim());
    return {
      column,
      direction: direction.toUpperCase(),
      ...(nulls !== undefined && { nulls: nulls.toUpperCase() }),
    };
  });
}
