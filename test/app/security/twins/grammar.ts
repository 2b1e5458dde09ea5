import { valueOf } from "./columns.ts";
import { ABOUT_SESSION, ABOUT_USER, OF_USERS, users } from "./of-users.ts";
import type { Random } from "./random.ts";

/** A part of a document that asks one thing, with variables whose values each twin makes of its own ids. */
export interface Question {
  /** A root field, given what a variable of this question is called. */
  readonly field: (variable: (name: string) => string) => string;
  readonly variables: Readonly<Record<string, Variable>>;
  /** The file that is sent to the one-time URL in its answer. */
  readonly file?: string;
}

/** A variable: its type, and its value by the ids of a twin. */
export interface Variable {
  readonly type: string;
  readonly value: (id: (name: string, kind?: string) => string) => unknown;
}

/** A variable with the same value for both twins. */
export const fixed = (type: string, value: unknown): Variable => ({ type, value: () => value });

/** Names of columns that there are, with their types as far as they are known, and of some that there are none. */
const COLUMNS: Readonly<Record<string, string>> = {
  name: "TEXT",
  city: "TEXT",
  level: "INTEGER",
  salary: "DECIMAL",
  born: "DATE",
  seen_at: "DATETIME",
  active: "BOOLEAN",
  data: "JSON",
  note: "TEXT",
  memo: "TEXT",
  code: "TEXT",
  badge: "TEXT",
  choice: "SELECT",
  team: "TEXT",
  secret: "TEXT",
  extra: "DECIMAL",
  nonsense: "TEXT",
  salry: "DECIMAL",
};
const OF_PARTS: Readonly<Record<string, string>> = {
  sku: "TEXT",
  title: "TEXT",
  weight: "INTEGER",
  kind: "SELECT",
  cost: "DECIMAL",
};

const columnsOf = (dataset: string) => (dataset === "parts" ? OF_PARTS : COLUMNS);

/** Mostly one that the caller reads; now and then one that it does not, or that is nowhere. */
function aColumn(dataset: string, drawn: Random): string {
  return drawn.pick(drawn.chance(0.93) ? readableOf(dataset) : Object.keys(columnsOf(dataset)));
}

function readableOf(dataset: string): string[] {
  return Object.keys(columnsOf(dataset)).slice(0, dataset === "parts" ? 4 : 9);
}

/** Some different columns. */
export function someColumns(drawn: Random, dataset: string): string[] {
  return [...new Set(Array.from({ length: 1 + drawn.below(4) }, () => aColumn(dataset, drawn)))];
}

const COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"];
const OF_TEXT = ["contains", "startsWith", "endsWith"];

function leaf(dataset: string, drawn: Random): object {
  const column = aColumn(dataset, drawn);
  const type = columnsOf(dataset)[column] ?? "TEXT";
  const operand = () => valueOf(drawn.chance(0.99) ? type : "TEXT", drawn);
  if (drawn.chance(0.2) || type === "JSON") return { column, isNull: drawn.chance(0.5) };
  if (drawn.chance(0.15)) {
    const operands = Array.from({ length: drawn.below(4) }, operand);
    return { column, in: operands.filter((each) => each !== null) };
  }
  const isText = type === "TEXT" || type === "SELECT";
  const by = drawn.pick(isText ? [...COMPARISONS, ...OF_TEXT] : COMPARISONS);
  return { column, [by]: operand() ?? "Ulm" };
}

/** A filter, some levels deep. */
export function aFilter(dataset: string, drawn: Random, depth = 0): object {
  if (depth > 2 || drawn.chance(0.5)) return leaf(dataset, drawn);
  const parts = () =>
    Array.from({ length: drawn.below(4) }, () => aFilter(dataset, drawn, depth + 1));
  const kind = drawn.below(3);
  if (kind === 0) return { and: parts() };
  return kind === 1 ? { or: parts() } : { not: aFilter(dataset, drawn, depth + 1) };
}

/** An order by up to three columns. */
export function anOrder(dataset: string, drawn: Random): object[] {
  const columns = new Set(Array.from({ length: drawn.below(4) }, () => aColumn(dataset, drawn)));
  const ordered = [...columns].filter((column) => column !== "data" || drawn.chance(0.1));
  return ordered.map((column) => ({
    column,
    direction: drawn.pick(["ASC", "DESC"]),
    ...(drawn.chance(0.5) && { nulls: drawn.pick(["FIRST", "LAST"]) }),
  }));
}

/** What an aggregate is asked to group by and to compute. */
export function aggregated(dataset: string, drawn: Random): string {
  const args = drawn.some(["groupBy", "groupBy", "sum", "avg", "min", "max"], 0.4).map((name) => {
    const columns = Array.from({ length: 1 + drawn.below(2) }, () =>
      aFitting(name, dataset, drawn),
    );
    return [name, JSON.stringify([...new Set(columns)])] as const;
  });
  const named = [...new Map(args)].map(([name, columns]) => `${name}: ${columns}`);
  return named.length > 0 ? named.join(", ") : `groupBy: []`;
}

/** Mostly a column of a type that can be computed with in such a way. */
function aFitting(aggregate: string, dataset: string, drawn: Random): string {
  const isOfNumbers = aggregate === "sum" || aggregate === "avg";
  if (!isOfNumbers || drawn.chance(0.2)) return aColumn(dataset, drawn);
  return drawn.pick(
    readableOf(dataset).filter((name) => /INTEGER|DECIMAL/.test(columnsOf(dataset)[name] ?? "")),
  );
}

/** What is asked of groups. */
export const OF_GROUP = "keys count sum avg min max";

/** The name of a dataset; now and then of one that the caller does not know. */
export function aDataset(drawn: Random): string {
  if (drawn.chance(0.05)) return drawn.pick(["vault", "cellar"]);
  return drawn.chance(0.8) ? "people" : "parts";
}

/** What a row is named by: one that is seen, one that is not, one that never was. */
export function aRow(drawn: Random, dataset = "people"): string {
  if (drawn.chance(0.15)) return `people out of sight ${drawn.below(40)}`;
  if (drawn.chance(0.05)) return drawn.pick(["vault out of sight 0", "never", "people", "part 1"]);
  return dataset === "parts" ? `part ${drawn.below(8)}` : `person ${drawn.below(24)}`;
}

const CELL = "{ value text number boolean column { name } }";

/** What is asked of a row. */
export function ofRow(drawn: Random, dataset: string): string {
  const cells = drawn.some(["value", "none"], 0.3).map((alias) => {
    return `${alias}: cell(column: "${aColumn(dataset, drawn)}") ${CELL}`;
  });
  const values = drawn.chance(0.3) ? `(columns: ["${aColumn(dataset, drawn)}"])` : "";
  const parts = drawn.some(
    [
      "version",
      "createdAt createdBy",
      "updatedAt updatedBy",
      "hiddenColumns",
      "__typename",
      "dataset { rowCount }",
    ],
    0.3,
  );
  return ["id", `values${values}`, ...cells, ...parts].join(" ");
}

/** What is asked of a page. */
function ofPage(drawn: Random, dataset: string): string {
  const parts = drawn.some(
    [
      "totalCount",
      `nodes { ${ofRow(drawn, dataset)} }`,
      "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }",
    ],
    0.5,
  );
  return parts.length > 0 ? parts.join(" ") : `edges { cursor node { ${ofRow(drawn, dataset)} } }`;
}

const byId = (name: string): Variable => ({ type: "ID!", value: (id) => id(name, "dataset") });

/** Asks for rows by a filter and in an order. */
function rows(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const page = ofPage(drawn, dataset);
  return {
    field: (variable) =>
      `dataset(id: ${variable("id")}) { rows(filter: ${variable("filter")}, orderBy: ${variable("order")}, first: ${variable("first")}) { ${page} } }`,
    variables: {
      id: byId(dataset),
      filter: fixed("RowFilter", drawn.chance(0.8) ? aFilter(dataset, drawn) : null),
      order: fixed("[RowOrder!]", anOrder(dataset, drawn)),
      first: fixed("Int", drawn.pick([0, 1, 2, 5, 100, null])),
    },
  };
}

function count(drawn: Random): Question {
  const dataset = aDataset(drawn);
  return {
    field: (variable) =>
      `dataset(name: "${dataset}") { rowCount rows(filter: ${variable("filter")}) { totalCount } }`,
    variables: { filter: fixed("RowFilter", aFilter(dataset, drawn)) },
  };
}

/** Asks for groups of rows, by a filter. */
function groups(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const computed = aggregated(dataset, drawn);
  return {
    field: (variable) =>
      `dataset(name: "${dataset}") { aggregate(${computed}, filter: ${variable("filter")}, first: ${variable("first")}) { totalCount pageInfo { hasNextPage endCursor } nodes { ${OF_GROUP} } } }`,
    variables: {
      filter: fixed("RowFilter", drawn.chance(0.5) ? aFilter(dataset, drawn) : null),
      first: fixed("Int", drawn.pick([0, 1, 5, 100])),
    },
  };
}

function row(drawn: Random): Question {
  const [dataset, name] = [aDataset(drawn), aRow(drawn)];
  const asked = ofRow(drawn, dataset);
  return {
    field: (variable) =>
      `dataset(id: ${variable("id")}) { row(id: ${variable("row")}) { ${asked} } }`,
    variables: { id: byId(dataset), row: { type: "ID!", value: (id) => id(name) } },
  };
}

/** Everything that has an id in one of the twins. */
const THINGS: readonly (readonly [string, string])[] = [
  ...["people", "parts", "vault", "cellar"].map((name) => [name, "dataset"] as const),
  ...Object.keys(COLUMNS).map((name) => [`people.${name}`, "column"] as const),
  ...Object.keys(OF_PARTS).map((name) => [`parts.${name}`, "column"] as const),
  ...["red", "high", "writer", "helper", "other"].map((name) => [`role ${name}`, "role"] as const),
  ["grant red people null", "grant"],
  ["grant high people name", "grant"],
  ["grant red people team", "grant"],
  ["grant writer people extra", "grant"],
  ["grant other people null", "grant"],
  ["grant other vault null", "grant"],
  ["grant storekeeper parts null", "grant"],
  ["tenant", "tenant"],
  ["administrator", "key"],
  ["key leaky", "key"],
  ["key minter", "key"],
  ...["caller", "other 0", "other 1"].map((name) => [`token ${name}`, "token"] as const),
  ...OF_USERS,
];

const ABOUT_COLUMN =
  `id name type position required unique isKey indexed editable tellsTaken whenDenied
  default min max maxLength pattern options optionsFrom { id } canRead canCreate canUpdate`.replaceAll(
    /\s+/g,
    " ",
  );
const ABOUT = `id name label version updatedAt accessLevel keyColumns canRead canCreate canUpdate canDelete`;
const ABOUT_ROLE =
  `id name permissions canRead grants { id dataset { name } column { name } read create update delete
  rowFilter { read create update delete } }`.replaceAll(/\s+/g, " ");

function node(drawn: Random): Question {
  const [name, kind] = drawn.chance(0.5) ? [aRow(drawn), "row"] : drawn.pick(THINGS);
  const asked = ofRow(drawn, "people");
  return {
    field: (variable) =>
      `node(id: ${variable("id")}) { __typename id ... on Row { ${asked} }
      ... on Dataset { of: version name rowCount columns { name } } ... on Column { ${ABOUT_COLUMN} }
      ... on Role { ${ABOUT_ROLE} } ... on Grant { id rowFilter { read } }
      ... on User { ${ABOUT_USER} } ... on Session { ${ABOUT_SESSION} } }`.replaceAll(/\s+/g, " "),
    variables: { id: { type: "ID!", value: (id) => id(name, kind) } },
  };
}

function nodes(drawn: Random): Question {
  const names = Array.from({ length: 1 + drawn.below(5) }, () =>
    drawn.chance(0.6) ? ([aRow(drawn), "row"] as const) : drawn.pick(THINGS),
  );
  return {
    field: (variable) => `nodes(ids: ${variable("ids")}) { __typename id ... on Row { values } }`,
    variables: {
      ids: { type: "[ID!]!", value: (id) => names.map(([name, kind]) => id(name, kind)) },
    },
  };
}

function definition(drawn: Random): Question {
  const asked = drawn.pick([
    `dataset(name: "${aDataset(drawn)}") { ${ABOUT} columns { ${ABOUT_COLUMN} } }`,
    `datasets(first: ${drawn.below(5)}) { totalCount nodes { ${ABOUT} rowCount } pageInfo { hasNextPage endCursor } }`,
    `role(name: "${drawn.pick(["red", "high", "writer", "other", "helper", "nobody"])}") { ${ABOUT_ROLE} }`,
    `roles { totalCount nodes { name grants { id } } }`,
    `viewer { kind id name roles permissions }`,
    `checkAccess(permission: "${drawn.pick(["row::get", "key::get", "custom::x"])}") { hasAccess }`,
    `tenant { id }`,
    `keys { totalCount }`,
    `accessTokens { totalCount nodes { clientId } }`,
    `__type(name: "${drawn.pick(["Row", "RowFilter", "Query", "Nothing"])}") { name fields { name } }`,
    `__typename`,
  ]);
  return { field: () => asked, variables: {} };
}

/** One thing that a query asks. */
export function aQuestion(drawn: Random): Question {
  const kinds = [
    rows,
    rows,
    rows,
    rows,
    groups,
    groups,
    count,
    row,
    node,
    nodes,
    definition,
    users,
  ];
  return drawn.pick(kinds)(drawn);
}
