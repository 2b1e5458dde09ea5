import { isFieldKnown } from "../../../authz/access-plan.ts";
import { nameFromHeader } from "../../../cell/column-name.ts";
import type { ColumnType } from "../../../cell/column-type.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import { requireKnown } from "../../../access/readable-columns.ts";
import { InputError } from "../../../graphql/errors.ts";
import { cellFromSource } from "../../../records/cell-from-source.ts";
import { quoted, type SourceCell, type SourceFormat } from "../../../records/source-record.ts";
import type { ImportColumn } from "./import-inputs.ts";
import { requireSettable, requireTelling } from "../write/write-rights.ts";
import { fieldsNamed, writtenRows } from "../write/written-cells.ts";

/** Finds the name of the column that a header leads to; null: it is left out. */
export type NameOf = (header: string) => string | null;

/**
 * Checks what a caller says of headers as far as that can be done without the file.
 *
 * @throws {InputError} for a header or a column that is named twice, and for a column that the caller does not know.
 * @throws {ForbiddenError} for a column that it may not set.
 */
export function requireColumns(dataset: KnownDataset, chosen: readonly ImportColumn[]): void {
  requireOnce(chosen.map(({ header }) => header.trim()));
  const names = chosen.flatMap(({ column }) => column ?? []);
  requireOnce(names);
  const columns = names.map((name) => requireKnown(dataset, name));
  requireSettable(dataset, "CREATE", columns);
}

function requireOnce(texts: readonly string[]): void {
  const before = new Set<string>();
  for (const text of texts) {
    if (before.has(text)) throw new InputError(`${quoted(text)} is named twice in \`columns\`.`);
    before.add(text);
  }
}

/** How headers lead to columns: as the caller says, or else by their names. */
export function headerNames(
  { definition, plan }: KnownDataset,
  chosen: readonly ImportColumn[],
): NameOf {
  const told = new Map(chosen.map(({ header, column }) => [header.trim(), column ?? null]));
  const known = new Set(
    definition.columns.filter(({ id }) => isFieldKnown(plan, id)).map(({ name }) => name),
  );
  return (header) => {
    const named = told.get(header.trim());
    if (named !== undefined) return named;
    if (known.has(header)) return header;
    const made = nameFromHeader(header);
    return made !== null && known.has(made) ? made : header;
  };
}

/**
 * Checks the headers of a CSV file before any of its records.
 *
 * @throws {InputError} for one that leads to no column or to that of another, and for one that was named in
 *   `columns` and is not there.
 * @throws {ForbiddenError} for a column that the caller may not set or be told of.
 */
export function requireHeaders(
  dataset: KnownDataset,
  headers: readonly string[],
  chosen: readonly ImportColumn[],
): void {
  const absent = chosen.find(({ header }) => !headers.includes(header.trim()));
  if (absent) throw new InputError(`The file has no header ${quoted(absent.header)}.`);
  const nameOf = headerNames(dataset, chosen);
  const leading = headers.flatMap((header) => {
    const name = nameOf(header);
    return name === null ? [] : [{ header, name }];
  });
  const names = leading.map(({ name }) => name);
  const repeated = leading.find(({ name }, index) => names.indexOf(name) < index);
  if (repeated) {
    throw new InputError(
      `The header ${quoted(repeated.header)} leads to a column that another leads to. Say in \`columns\` where it leads, or that it is left out.`,
    );
  }
  const { rows, faults } = writtenRows(dataset, "CREATE", [nothing(names)]);
  const unknown = faults.find(({ code }) => code === "UNKNOWN_COLUMN");
  if (unknown) {
    throw new InputError(
      `The header ${quoted(unknown.column ?? "")}: ${unknown.message} Say in \`columns\` where it leads, or that it is left out.`,
    );
  }
  requireSettable(dataset, "CREATE", fieldsNamed(rows));
  requireTelling(dataset, fieldsNamed(rows));
}

/** A row that sets columns to nothing. */
function nothing(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, null]));
}

/** The values that a record sets, by column, and the headers that lead where another does. */
export interface RecordValues {
  readonly values: object;
  readonly repeated: readonly string[];
}

/** Reads records as the rows of a call. */
export function recordReader(
  { definition }: KnownDataset,
  format: SourceFormat,
  nameOf: NameOf,
): (cells: ReadonlyMap<string, SourceCell>) => RecordValues {
  const types = new Map(definition.columns.map(({ name, type }) => [name, type]));
  const known = new Map<string, Target | null>();
  const targetOf = (header: string): Target | null => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const name = nameOf(header);
    // What leads to no column is at fault, whatever it is.
    const target = name === null ? null : { name, type: types.get(name) ?? "JSON" };
    known.set(header, target);
    return target;
  };
  return (cells) => {
    // Without a prototype, so that every name is one of its own.
    const values = Object.create(null) as Record<string, unknown>;
    const repeated: string[] = [];
    for (const [header, cell] of cells) {
      const target = targetOf(header);
      if (target === null) continue;
      const { name, type } = target;
      if (Object.hasOwn(values, name)) repeated.push(header);
      values[name] = cellFromSource(format, type, cell);
    }
    return { values, repeated };
  };
}

/** Where a header leads. */
interface Target {
  readonly name: string;
  readonly type: ColumnType;
}
