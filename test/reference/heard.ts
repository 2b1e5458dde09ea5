import type { Answer } from "../support/world.ts";
import type { AboutDataset } from "./about-dataset.ts";
import type { Answers, ShownRow } from "./answers.ts";
import type { Listed, Listing } from "./list-rows.ts";
import { codeAt, type Ear, type Node, rowFields, rowHeard, worldId } from "./heard-row.ts";
import { linkValues } from "./stage-links.ts";
import type { Sets, WriteCode } from "./write.ts";

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly Node[];
}

type Everything = AboutDataset & { readonly rows: Page | null };

/** What the product answers to a caller that asks for everything of a dataset. */
export async function heard(ear: Ear): Promise<Answers> {
  const answer = await ask<{ dataset: Everything | null }>(
    ear,
    `query ($id: ID!) {
       dataset(id: $id) {
         canRead canCreate canUpdate canDelete
         columns { name canRead canCreate canUpdate }
         links { name canRead canCreate canUpdate }
         rows { totalCount nodes { ${rowFields(ear.dataset)} } }
       }
     }`,
  );
  const found = answer.data?.dataset;
  if (!found) return { about: null, list: listHeard(ear, answer, ["dataset"]), rows: [] };
  const { rows: page, ...about } = found;
  const rows = (page?.nodes ?? []).map((node, index) =>
    rowHeard(ear, answer, { node, path: ["dataset", "rows", "nodes", index] }),
  );
  const list = listHeard(ear, answer, ["dataset", "rows"], page);
  return { about, list, rows };
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
  | ({ readonly field: "createRows" | "updateRows"; readonly id: string } & Sets)
  | { readonly field: "deleteRows"; readonly id: string };

/** How the write of one row ended in the product, and what of the row came back. */
export interface HeardWrite {
  readonly code: WriteCode;
  readonly row: ShownRow | null;
}

/** Has the product write one row. It comes to know the id of one that is made. */
export async function heardWrite(ear: Ear, write: Write): Promise<HeardWrite> {
  interface Done {
    readonly results: readonly { readonly id: string | null; readonly row: Node | null }[];
  }
  const { field } = write;
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const input = {
    datasetId: ear.stage.datasets.get(ear.dataset.name),
    rows: [rowInput(ear, write)],
  };
  const answer = await ask<Record<string, Done | null>>(
    ear,
    `mutation ($input: ${type}!) {
       ${field}(input: $input) { results { id row { ${rowFields(ear.dataset)} } } }
     }`,
    { input },
  );
  const code = codeAt(answer, [field]);
  const [result] = answer.data?.[field]?.results ?? [];
  if (field === "createRows" && result?.id) ear.stage.rows.set(write.id, result.id);
  const node = result?.row ?? null;
  const path = [field, "results", 0, "row"];
  return {
    code: (code ?? "OK") as WriteCode,
    row: node && rowHeard(ear, answer, { node, path }),
  };
}

function rowInput({ stage: { rows }, dataset }: Ear, write: Write): object {
  const id = rows.get(write.id) ?? write.id;
  if (write.field === "deleteRows") return { id };
  const values = { ...write.cells, ...linkValues(dataset.links, write.links, rows) };
  return write.field === "createRows" ? values : { id, values };
}

/** Has a caller ask the product something about a dataset, `$id`. */
export async function ask<Data>(
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
