import { nameFromHeader } from "../../cell/column-name.ts";
import { ImportError } from "./import-error.ts";

export interface SourceColumn {
  readonly header: string;
  readonly name: string;
  readonly label: string;
}

/**
 * Names the columns of a file after its headers, which stay as labels.
 * Throws ImportError that tells of every header without a name and of all that share one.
 */
export function columnsFromHeader(headers: readonly string[]): SourceColumn[] {
  const columns = headers.map((header) => ({
    header,
    name: nameFromHeader(header) ?? "",
    label: header,
  }));
  const reasons = [...unnamed(columns), ...shared(columns)];
  if (reasons.length > 0) {
    throw new ImportError(null, `${reasons.join("; ")}. Rename columns in the file.`);
  }
  return columns;
}

const unnamed = (columns: readonly SourceColumn[]): string[] =>
  columns.flatMap(({ header, name }) =>
    name !== ""
      ? []
      : [`the column ${quoted(header)} has no letter a-z or digit to make a name of`],
  );

function shared(columns: readonly SourceColumn[]): string[] {
  const names = new Set(columns.map(({ name }) => name).filter((name) => name !== ""));
  return Array.from(names).flatMap((name) => {
    const headers = columns.filter((column) => column.name === name).map(({ header }) => header);
    return headers.length > 1
      ? [`${headers.map(quoted).join(" and ")} become the same name, ${name}`]
      : [];
  });
}

const quoted = (header: string): string => JSON.stringify(header.slice(0, 80));
