import type { Answer } from "../support/world.ts";
import type { AboutDataset } from "./about-dataset.ts";
import type { Answers, ShownRow } from "./answers.ts";
import type { Listed, Listing } from "./list-rows.ts";
import type { Caller, Cell, Dataset } from "./model.ts";
import type { CellAnswer } from "./sight.ts";
import type { Stage } from "./stage.ts";
import type { WriteCode } from "./write.ts";

/** Who asks, of which dataset, on which stage. */
export interface Ear {
  readonly stage: Stage;
  readonly caller: Caller;
  readonly dataset: Dataset;
}

interface Node {
  readonly id: string;
  readonly values: Record<string, Cell>;
  readonly hiddenColumns: string[];
  readonly [cell: `cell_${string}`]: { readonly value: Cell } | null;
}

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly Node[];
}

type Everything = Omit<AboutDataset, "links"> & { readonly rows: Page | null };

/** What the product answers to a caller that asks for everything of a dataset. */
export async function heard(ear: Ear): Promise<Answers> {
  const cells = ear.dataset.columns.map(
    ({ name }) => `cell_${name}: cell(column: "${name}") { value }`,
  );
  const answer = await ask<{ dataset: Everything | null }>(
    ear,
    `query ($id: ID!) {
       dataset(id: $id) {
         canRead canCreate canUpdate canDelete
         columns { name canRead canCreate canUpdate }
         rows { totalCount nodes { id values hiddenColumns ${cells.join(" ")} } }
       }
     }`,
  );
  const found = answer.data?.dataset;
  if (!found) return { about: null, list: listHeard(ear, answer, ["dataset"]), rows: [] };
  const { rows: page, ...about } = found;
  const rows = (page?.nodes ?? []).map((node, index) => rowHeard(ear, answer, { node, index }));
  const list = listHeard(ear, answer, ["dataset", "rows"], page);
  return { about: { ...about, links: [] }, list, rows };
}

/** What the product answers to a caller that asks for lists of rows. */
export async function heardLists(ear: Ear, listings: readonly Listing[]): Promise<Listed[]> {
  const declared = listings.map((_, i) => `$f${i}: RowFilter, $o${i}: [RowOrder!]`).join(", ");
  const lists = listings.map(
    (_, i) => `l${i}: rows(filter: $f${i}, orderBy: $o${i}) { totalCount nodes { id } }`,
  );
  const variables = listings.flatMap(({ filter, orderBy = [] }, i) => [
    [`f${i}`, filter ?? null],
    [`o${i}`, orderBy],
  ]);
  const answer = await ask<{ dataset: Record<string, Page | null> | null }>(
    ear,
    `query ($id: ID!, ${declared}) { dataset(id: $id) { ${lists.join(" ")} } }`,
    Object.fromEntries(variables) as Record<string, unknown>,
  );
  return listings.map((_, i) =>
    answer.data?.dataset
      ? listHeard(ear, answer, ["dataset", `l${i}`], answer.data.dataset[`l${i}`] ?? null)
      : listHeard(ear, answer, ["dataset"]),
  );
}

/** One of the three writes, of one row; ids are those of the world. */
export type Write =
  | { readonly field: "createRows"; readonly id: string; readonly cells: Record<string, Cell> }
  | { readonly field: "updateRows"; readonly id: string; readonly cells: Record<string, Cell> }
  | { readonly field: "deleteRows"; readonly id: string };

/** How the write of one row ended in the product, and what of the row came back. */
export interface HeardWrite {
  readonly code: WriteCode;
  readonly row: Omit<ShownRow, "cells"> | null;
}

/** Has the product write one row. It comes to know the id of one that is made. */
export async function heardWrite(ear: Ear, write: Write): Promise<HeardWrite> {
  interface Done {
    readonly results: readonly { readonly id: string | null; readonly row: Node | null }[];
  }
  const type = `${write.field.charAt(0).toUpperCase()}${write.field.slice(1)}Input`;
  const id = ear.stage.rows.get(write.id) ?? write.id;
  const rows = {
    createRows: () => ("cells" in write ? write.cells : {}),
    updateRows: () => ({ id, values: "cells" in write ? write.cells : {} }),
    deleteRows: () => ({ id }),
  }[write.field];
  const input = { datasetId: ear.stage.datasets.get(ear.dataset.name), rows: [rows()] };
  const answer = await ask<Record<string, Done | null>>(
    ear,
    `mutation ($input: ${type}!) {
       ${write.field}(input: $input) { results { id row { id values hiddenColumns } } }
     }`,
    { input },
  );
  const code = codeAt(answer, [write.field]);
  const [result] = answer.data?.[write.field]?.results ?? [];
  if (write.field === "createRows" && result?.id) ear.stage.rows.set(write.id, result.id);
  const node = result?.row ?? null;
  return {
    code: (code ?? "OK") as WriteCode,
    row: node && { id: worldId(ear, node.id), values: node.values, hidden: node.hiddenColumns },
  };
}

async function ask<Data>(
  { stage: { tenant, keys, datasets }, caller, dataset }: Ear,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer<Data>> {
  const id = datasets.get(dataset.name);
  return await tenant.run<Data>(query, {
    key: keys.get(caller.name) ?? null,
    variables: query.startsWith("query") ? { id, ...variables } : variables,
    headers: caller.isPublic ? { "x-fieldgate-tenant": tenant.slug } : {},
  });
}

function listHeard<Data>(
  ear: Ear,
  answer: Answer<Data>,
  path: readonly string[],
  page: Page | null = null,
): Listed {
  if (page) {
    const ids = page.nodes.map(({ id }) => worldId(ear, id));
    return { is: "ROWS", ids, totalCount: page.totalCount };
  }
  const code = codeAt(answer, path);
  if (code === null) return { is: "NOTHING" };
  return { is: "ERROR", code: code as "FORBIDDEN" };
}

function rowHeard<Data>(
  ear: Ear,
  answer: Answer<Data>,
  { node, index }: { node: Node; index: number },
): ShownRow {
  const cells: Record<string, CellAnswer> = {};
  for (const { name } of ear.dataset.columns) {
    const cell = node[`cell_${name}`] ?? null;
    const code = codeAt(answer, ["dataset", "rows", "nodes", index, `cell_${name}`]);
    if (cell) cells[name] = { is: "CELL", value: cell.value };
    else if (code === null) cells[name] = { is: "NOTHING" };
    else cells[name] = { is: "ERROR", code: code as "FORBIDDEN" };
  }
  return { id: worldId(ear, node.id), values: node.values, hidden: node.hiddenColumns, cells };
}

/** The code of the error at a path; null: there is none. */
function codeAt<Data>({ errors }: Answer<Data>, path: readonly (string | number)[]): string | null {
  const error = errors.find((one) => JSON.stringify(one.path) === JSON.stringify(path));
  return error ? (error.extensions.code ?? "no code") : null;
}

/** The id in the world of a row of the product. */
function worldId({ stage: { rows } }: Ear, productId: string): string {
  for (const [id, product] of rows) if (product === productId) return id;
  return productId;
}
