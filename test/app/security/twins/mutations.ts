import { valueOf } from "./columns.ts";
import { aDataset, aFilter, aRow, ofRow, type Question, type Variable } from "./grammar.ts";
import { writeUser } from "./of-users.ts";
import type { Random } from "./random.ts";

const WRITABLE: Readonly<Record<string, string>> = {
  name: "TEXT",
  city: "TEXT",
  salary: "DECIMAL",
  born: "DATE",
  seen_at: "DATETIME",
  active: "BOOLEAN",
  data: "JSON",
  note: "TEXT",
  memo: "TEXT",
  choice: "SELECT",
};
const RARE: Readonly<Record<string, string>> = {
  code: "TEXT",
  badge: "TEXT",
  level: "INTEGER",
  team: "TEXT",
  secret: "TEXT",
  extra: "DECIMAL",
  nonsense: "TEXT",
  nam: "TEXT",
};
const OF_PARTS: Readonly<Record<string, string>> = {
  sku: "TEXT",
  title: "TEXT",
  weight: "INTEGER",
  kind: "SELECT",
};

/** The cells of a row that is written, some of them at fault. */
function cells(drawn: Random, dataset: string): object {
  const common = dataset === "parts" ? OF_PARTS : WRITABLE;
  const rare = drawn.chance(0.15) ? drawn.some(Object.entries(RARE), 0.3) : [];
  const named = [...drawn.some(Object.entries(common), 0.35), ...rare];
  const written = named.map(([name, type]) => {
    if (name === "sku" || name === "badge" || name === "code") {
      return [name, drawn.pick([`${name} ${drawn.below(12)}`, `badge s${drawn.below(24)}`, null])];
    }
    if (name === "kind") return [name, drawn.pick(["nut", "bolt", "screw"])];
    if (name === "choice") return [name, drawn.pick(["red", "blue", null, null])];
    return [name, drawn.chance(0.04) ? { wrong: true } : valueOf(type, drawn)];
  });
  return Object.fromEntries(written) as object;
}

const onFault = (drawn: Random) => drawn.pick(["REJECT_ALL", "SKIP_ROW", "SKIP_ROW"]);

const written = (drawn: Random, dataset: string) =>
  `count rows { ${ofRow(drawn, dataset)} }
   results { index id operation version row { id values hiddenColumns } faults { column code message currentVersion } }`.replaceAll(
    /\s+/g,
    " ",
  );

function call(name: string, selection: string, input: Variable["value"]): Question {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return {
    field: (variable) => `${name}(input: ${variable("input")}) { ${selection} }`,
    variables: { input: { type, value: input } },
  };
}

const several = <Item>(drawn: Random, most: number, make: () => Item): Item[] =>
  Array.from({ length: 1 + drawn.below(most) }, make);

function create(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const rows = several(drawn, 3, () => cells(drawn, dataset));
  const how = onFault(drawn);
  return call("createRows", written(drawn, dataset), (id) => ({
    datasetId: id(dataset, "dataset"),
    rows,
    onFault: how,
  }));
}

/** Nearly all that a row may hold: what is said of its size must not tell of defaults, or of what it keeps. */
function large(drawn: Random): Question {
  const text = "x".repeat(48_000 + drawn.below(14_000));
  const [row, isNew] = [aRow(drawn), drawn.chance(0.5)];
  const values = { memo: text, essay: text, draft: text, outline: text };
  const selection = "count results { faults { column code message } }";
  return isNew
    ? call("createRows", selection, (id) => ({ datasetId: id("people"), rows: [values] }))
    : call("updateRows", selection, (id) => ({
        datasetId: id("people"),
        rows: [{ id: id(row), values }],
      }));
}

/** Makes rows of a file, some of them at fault. */
function importing(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const rows = several(drawn, 4, () => JSON.stringify(cells(drawn, dataset)));
  const how = onFault(drawn);
  const isLines = drawn.chance(0.5);
  const question = call("importRows", "url import { state rows faulty }", (id) => ({
    datasetId: id(dataset, "dataset"),
    format: isLines ? "JSON_LINES" : "JSON",
    onFault: how,
  }));
  return { ...question, file: isLines ? rows.join("\n") : `[${rows.join()}]` };
}

const version = (drawn: Random) =>
  drawn.chance(0.2) ? { expectedVersion: 1 + drawn.below(3) } : {};

function update(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const rows = several(drawn, 4, () => ({
    name: aRow(drawn, dataset),
    values: cells(drawn, dataset),
    ...version(drawn),
  }));
  const how = onFault(drawn);
  return call("updateRows", written(drawn, dataset), (id) => ({
    datasetId: id(dataset, "dataset"),
    rows: rows.map(({ name, ...row }) => ({ ...row, id: id(name) })),
    onFault: how,
  }));
}

/** By a key that the caller reads in every row, or that tells what is taken, or that is not to be asked. */
function upsert(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const by = dataset === "parts" ? "sku" : drawn.pick(["badge", "badge", "badge", "code", "name"]);
  const key = () =>
    drawn.pick([
      `${by} ${drawn.below(12)}`,
      `badge s${drawn.below(24)}`,
      `badge s${drawn.below(24)}`,
      null,
    ]);
  const rows = several(drawn, 3, () => ({
    values: { ...cells(drawn, dataset), [by]: key() },
    ...version(drawn),
  }));
  const [how, isNamed] = [onFault(drawn), drawn.chance(0.9)];
  return call("upsertRows", written(drawn, dataset), (id) => ({
    datasetId: id(dataset, "dataset"),
    rows,
    onFault: how,
    ...(isNamed && { by }),
  }));
}

function remove(drawn: Random): Question {
  const rows = several(drawn, 2, () => ({ name: aRow(drawn), ...version(drawn) }));
  const how = drawn.chance(0.5) ? "REJECT_ALL" : "SKIP_ROW";
  return call("deleteRows", written(drawn, "people"), (id) => ({
    datasetId: id("people"),
    rows: rows.map(({ name, ...row }) => ({ ...row, id: id(name) })),
    onFault: how,
  }));
}

/** Done once, and then a repetition, or a CONFLICT where the key came with the other row. */
function repeat(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const by = dataset === "parts" ? "sku" : "badge";
  const [row, key] = [drawn.below(2), drawn.below(3)];
  return call("upsertRows", written(drawn, dataset), (id) => ({
    datasetId: id(dataset, "dataset"),
    rows: [{ values: { [by]: `${by} ${row}` } }, { values: { [by]: `${by} more` } }],
    by,
    onFault: "SKIP_ROW",
    idempotencyKey: `${dataset} ${key}`,
  }));
}

const NAMED = ["name", "city", "level", "salary", "note", "memo", "code", "badge", "team", "extra"];

/** Changes of a column that its cells may contradict, which it takes to read them all to hear. */
function updateColumn(drawn: Random): Question {
  const ofPeople = NAMED.map((name) => `people.${name}`);
  const column = drawn.pick([...ofPeople, "parts.title", "parts.weight", "parts.cost"]);
  const change = drawn.pick<object>([
    { required: true },
    { unique: true },
    { indexed: true },
    { tellsTaken: true },
    { type: "INTEGER" },
    { type: "JSON" },
    { type: "SELECT", options: ["Ulm"] },
    { label: "a label" },
    { default: "other" },
  ]);
  return call("updateColumn", "column { id name type required unique }", (id) => ({
    id: id(column, "column"),
    ...change,
  }));
}

function updateDataset(drawn: Random): Question {
  const keyColumns = drawn.some(NAMED, 0.2);
  const change = drawn.pick<object>([{ keyColumns }, { accessLevel: "OPEN" }, { label: "people" }]);
  return call("updateDataset", "dataset { version keyColumns accessLevel }", (id) => ({
    id: id("people"),
    ...change,
  }));
}

/** Hands out some right, with a filter, to a role that the caller does not hold. */
function setGrant(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const column = drawn.chance(0.4) ? `${dataset}.${drawn.pick(NAMED)}` : null;
  const settings = Object.fromEntries(
    drawn
      .some(["read", "create", "update"], 0.4)
      .map((action) => [action, drawn.pick(["ALLOW", "WITHHOLD"])]),
  ) as object;
  const filter = drawn.chance(0.6) && column === null ? { read: aFilter(dataset, drawn) } : null;
  const selection = "grant { id read rowFilter { read } dataset { name } column { name } }";
  return call("setGrant", selection, (id) => ({
    roleId: id("role helper", "role"),
    datasetId: id(dataset, "dataset"),
    ...(column !== null && { columnId: id(column, "column") }),
    ...settings,
    ...(filter && { rowFilter: filter }),
  }));
}

/** One thing that a mutation does. */
export function aMutation(drawn: Random): Question {
  const kinds = [
    create,
    create,
    importing,
    update,
    update,
    update,
    upsert,
    upsert,
    repeat,
    remove,
    updateColumn,
    updateDataset,
    setGrant,
    writeUser,
  ];
  return drawn.chance(0.04) ? large(drawn) : drawn.pick(kinds)(drawn);
}

/** A document that is refused before anything is asked, by its form. */
export function badDocument(drawn: Random): string {
  return drawn.pick([
    "{ datasets { totalCout } }",
    "{ dataset(nam: 1) { id } }",
    "{ people { id } }",
    'query ($filter: RowFilter) { dataset(name: "people") { rows(filter: $filter) { total } } }',
    "mutation { createRows(input: {datasetId: 1, rows: [], onFault: MAYBE}) { count } }",
    '{ dataset(name: "people") { rows(filter: {column: "salry", eq: 1}) { totalCount } } }',
    '{ dataset(name: "people") { rows(orderBy: [{column: "team"}]) { totalCount } } }',
    "subscription { rows { id } }",
    "{",
  ]);
}
