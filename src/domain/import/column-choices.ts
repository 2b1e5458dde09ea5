import { isName } from "../../cell/column-name.ts";
import type { ColumnType } from "../../cell/column-type.ts";
import { listed } from "../../cell/listed.ts";
import { ImportError } from "../../records/import-error.ts";
import { quoted } from "../../records/source-record.ts";
import { columnsFromHeader } from "./source-columns.ts";

/** What the caller says of the columns of a file, where it is not left to the file. */
export interface ColumnChoices {
  /** Names by header, where the header makes none, or the same as another. */
  readonly names?: ReadonlyMap<string, string>;
  /** Types by the name of the column. */
  readonly types?: ReadonlyMap<string, ColumnType>;
  /** The names of the key columns, in their order. */
  readonly key?: readonly string[];
}

/**
 * The names of the columns of a file, in the order of its headers.
 *
 * @throws {ImportError} for headers that make no names, and for choices about columns that are not there.
 */
export function chosenNames(headers: readonly string[], choices: ColumnChoices): string[] {
  const { names, types, key = [] } = choices;
  const chosen = [...(names ?? [])];
  const strangers = chosen.filter(([header]) => !headers.includes(header));
  requireNone(
    "header",
    strangers.map(([header]) => header),
    headers,
  );
  const malformed = chosen.find(([, name]) => !isName(name));
  if (malformed) {
    const [header, name] = malformed;
    const reason = `${quoted(name)}, for ${quoted(header)}, is no name: 1 to 63 of a-z, 0-9 and _, beginning with a letter.`;
    throw new ImportError(null, reason);
  }
  const columns = columnsFromHeader(headers, names).map(({ name }) => name);
  const named = [...(types?.keys() ?? []), ...key];
  requireNone(
    "column",
    named.filter((name) => !columns.includes(name)),
    columns,
  );
  return columns;
}

function requireNone(what: string, strangers: readonly string[], known: readonly string[]): void {
  const [first] = strangers;
  if (first === undefined) return;
  throw new ImportError(
    null,
    `The file has no ${what} ${quoted(first)}. It has: ${listed(known)}.`,
  );
}
