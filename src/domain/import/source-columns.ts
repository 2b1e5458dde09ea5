import { nameFromHeader } from "../../cell/column-name.ts";
import { textFault } from "../../cell/text.ts";
import { LONGEST, storedText } from "../../graphql/input-text.ts";
import { ImportError, listedReasons } from "../../records/import-error.ts";
import { quoted } from "../../records/source-record.ts";

export interface SourceColumn {
  readonly header: string;
  readonly name: string;
  readonly label: string;
}

/**
 * Names the columns of a file after its headers, which stay as labels, unless another name was chosen.
 * Throws ImportError that tells of every header without a name and of all that share one, or of the first that can be
 * no label.
 */
export function columnsFromHeader(
  headers: readonly string[],
  chosen?: ReadonlyMap<string, string>,
): SourceColumn[] {
  const columns = headers.map((header) => ({
    header,
    name: nameOf(header, chosen),
    label: header,
  }));
  const unfit = columns.map(({ header }) => headerFault(header)).find((fault) => fault !== null);
  if (unfit) throw new ImportError(null, unfit);
  const reasons = [...unnamed(columns), ...shared(columns)];
  const [first] = reasons;
  if (first) {
    const example = `--name ${JSON.stringify(`${first.header}=another_name`)}`;
    const what = listedReasons(reasons.map(({ reason }) => reason));
    throw new ImportError(null, `${what}. Rename columns in the file, or name them: ${example}.`);
  }
  return columns;
}

/** The name of the column with this header; empty where the header makes none. */
export function nameOf(header: string, chosen?: ReadonlyMap<string, string>): string {
  return chosen?.get(header) ?? nameFromHeader(header) ?? "";
}

/** What is wrong with a header as the label of a column; null: nothing. */
export function headerFault(header: string): string | null {
  const label = storedText(header);
  if (label.length > LONGEST.label) {
    return `The header ${quoted(header)} has more than ${LONGEST.label} characters. Shorten it.`;
  }
  const unstorable = textFault(label);
  return unstorable && `The header ${quoted(header)}: ${unstorable.message}`;
}

interface Unclear {
  readonly header: string;
  readonly reason: string;
}

const unnamed = (columns: readonly SourceColumn[]): Unclear[] =>
  columns.flatMap(({ header, name }) => {
    const reason = `the column ${quoted(header)} has no letter a-z or digit to make a name of`;
    return name === "" ? [{ header, reason }] : [];
  });

function shared(columns: readonly SourceColumn[]): Unclear[] {
  const names = new Set(columns.map(({ name }) => name).filter((name) => name !== ""));
  return Array.from(names).flatMap((name) => {
    const headers = columns.filter((column) => column.name === name).map(({ header }) => header);
    const reason = `${headers.map(quoted).join(" and ")} become the same name, ${name}`;
    return headers.length > 1 ? [{ header: headers.at(-1) ?? "", reason }] : [];
  });
}
