import sql, { join, raw, type Sql } from "sql-template-tag";
import type { ColumnType } from "../cell/column-type.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { encodedIdSql } from "./id.ts";
import { cellName } from "./predicate-sql.ts";
import { heldSql, type PlannedDataset } from "./readable-view.ts";

/** What an answer shows of each row: the names of its members, in their order, and what stands there. */
export type RowShape = readonly Member<RowPart>[];

/** One member of a JSON object. Its name needs no escape in JSON or SQL: it is a name of GraphQL or of a column. */
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
  /** One cell as an object; where it may not be read, as a cell without a value, or null. */
  | {
      readonly kind: "cell";
      readonly column: ColumnDefinition;
      readonly members: readonly Member<CellPart>[];
      readonly isNullWhenDenied: boolean;
    };

/** What can stand in a member of a cell. */
export type CellPart = "value" | "text" | "number" | "boolean" | { readonly json: string };

/** The columns whose cells a shape shows. */
export function columnsIn(shape: RowShape): ColumnDefinition[] {
  const columns = shape.flatMap(({ part }) =>
    part.kind === "values" ? part.columns : part.kind === "cell" ? [part.column] : [],
  );
  return [...new Set(columns)];
}

/** The JSON of a row `r` of the readable view, as text: one expression, without a value of SQL for each cell. */
export function rowJson(dataset: PlannedDataset, shape: RowShape): Sql {
  return objectSql(shape.map(({ name, part }) => ({ name, json: partJson(dataset, part) })));
}

function partJson(dataset: PlannedDataset, part: RowPart): Sql {
  switch (part.kind) {
    case "constant":
      return sql`${part.json}::text`;
    case "id":
      return quoted(encodedIdSql("Row", raw("r.id")));
    case "version":
      return raw("r.version::text");
    case "createdAt":
      return quoted(momentSql(raw("r.created_at")));
    case "updatedAt":
      return quoted(momentSql(raw("r.updated_at")));
    case "createdBy":
      return raw("to_json(r.created_by)::text");
    case "updatedBy":
      return raw("to_json(r.updated_by)::text");
    case "values":
      return valuesJson(dataset, part.columns);
    case "hidden":
      return hiddenJson(dataset, part.columns);
    case "cell":
      return cellObject(dataset, part);
  }
}

function valuesJson(dataset: PlannedDataset, columns: readonly ColumnDefinition[]): Sql {
  const members = columns.map((column) => {
    const member = memberSql(column.name, cellText(column));
    const held = heldSql(dataset, column.id);
    return held ? sql`CASE WHEN ${held} THEN ${member} END` : member;
  });
  return braces(members);
}

function hiddenJson(dataset: PlannedDataset, columns: readonly ColumnDefinition[]): Sql {
  const names = columns.map(({ id, name }) => {
    const held = heldSql(dataset, id);
    return held
      ? sql`CASE WHEN ${held} THEN NULL ELSE ${raw(`'"${name}"'`)} END`
      : raw(`'"${name}"'`);
  });
  return sql`'[' || ${listed(names)} || ']'`;
}

type CellShown = Extract<RowPart, { readonly kind: "cell" }>;

function cellObject(
  dataset: PlannedDataset,
  { column, members, isNullWhenDenied }: CellShown,
): Sql {
  const object = objectSql(
    members.map(({ name, part }) => ({ name, json: cellPartJson(column, part) })),
  );
  const held = isNullWhenDenied && heldSql(dataset, column.id);
  return held ? sql`CASE WHEN ${held} THEN ${object} ELSE 'null' END` : object;
}

function cellPartJson(column: ColumnDefinition, part: CellPart): Sql {
  const { type } = column;
  if (typeof part === "object") return sql`${part.json}::text`;
  const cell = sql`r.${cellName(column)}`;
  switch (part) {
    case "value":
      return cellText(column);
    case "text":
      if (type === "INTEGER") return orNull(sql`'"' || ${cell}::text || '"'`);
      return type === "BOOLEAN" || type === "JSON" ? NULL : cellText(column);
    case "number":
      if (type === "INTEGER") return orNull(sql`CASE WHEN ${isSafe(cell)} THEN ${cell}::text END`);
      return type === "DECIMAL" ? orNull(sql`${cell}::float8::text`) : NULL;
    case "boolean":
      return type === "BOOLEAN" ? cellText(column) : NULL;
  }
}

const NULL = raw("'null'");

/** A cell as the API shows it: decimals, and integers that a double does not hold, as strings. */
function cellText(column: ColumnDefinition): Sql {
  return orNull(TEXTS[column.type](sql`r.${cellName(column)}`));
}

/** The JSON of a cell that has a value, by its type; NULL of one that has none. */
const TEXTS: Readonly<Record<ColumnType, (cell: Sql) => Sql>> = {
  TEXT: (cell) => sql`to_json(${cell})::text`,
  SELECT: (cell) => sql`to_json(${cell})::text`,
  INTEGER: (cell) =>
    sql`CASE WHEN ${isSafe(cell)} THEN ${cell}::text ELSE '"' || ${cell}::text || '"' END`,
  DECIMAL: (cell) => quoted(sql`${cell}::text`),
  BOOLEAN: (cell) => sql`${cell}::text`,
  DATE: (cell) => quoted(sql`${cell}::text`),
  DATETIME: (cell) => quoted(momentSql(cell)),
  JSON: (cell) => sql`${cell}::text`,
};

function isSafe(cell: Sql): Sql {
  return sql`${cell} BETWEEN -9007199254740991 AND 9007199254740991`;
}

function momentSql(moment: Sql): Sql {
  return sql`to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function quoted(text: Sql): Sql {
  return sql`'"' || ${text} || '"'`;
}

function orNull(json: Sql): Sql {
  return sql`coalesce(${json}, 'null')`;
}

function objectSql(members: readonly { readonly name: string; readonly json: Sql }[]): Sql {
  return braces(members.map(({ name, json }) => memberSql(name, json)));
}

function memberSql(name: string, json: Sql): Sql {
  return sql`${raw(`'"${name}":'`)} || ${json}`;
}

/** An object of those members that are not NULL. */
function braces(members: readonly Sql[]): Sql {
  return sql`'{' || ${listed(members)} || '}'`;
}

/** The most arguments that PostgreSQL gives to one function, and one for the comma. */
const MOST_ARGUMENTS = 99;

/** Texts that are not NULL, with commas between them. */
function listed(texts: readonly Sql[]): Sql {
  if (texts.length === 0) return raw("''");
  if (texts.length <= MOST_ARGUMENTS) return sql`concat_ws(',', ${join(texts)})`;
  const size = Math.ceil(texts.length / Math.ceil(texts.length / MOST_ARGUMENTS));
  const starts = Array.from({ length: Math.ceil(texts.length / size) }, (_part, at) => at * size);
  return listed(starts.map((at) => sql`nullif(${listed(texts.slice(at, at + size))}, '')`));
}
