import type { Answer } from "../support/world.ts";
import type { AboutDataset } from "./about-dataset.ts";
import type { Answers, ShownRow } from "./answers.ts";
import type { Exported, Exporting } from "./export-rows.ts";
import type { Listed, Listing } from "./list-rows.ts";
import type { Cell } from "./model.ts";
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

/** What the product answers to a caller that asks for an export, and the file where there is one. */
export async function heardExport(ear: Ear, asked: Exporting): Promise<Exported> {
  const datasetId = ear.stage.datasets.get(ear.dataset.name);
  const answer = await ask<{ exportRows: { url: string } | null }>(
    ear,
    `mutation ($input: ExportRowsInput!) { exportRows(input: $input) { url } }`,
    { input: { datasetId, format: "JSON", ...asked } },
  );
  const code = codeAt(answer, ["exportRows"]);
  if (code !== null) return { is: "ERROR", code: code as "FORBIDDEN" };
  const text = await ear.stage.tenant.download(answer.data?.exportRows?.url ?? "");
  return { is: "FILE", rows: JSON.parse(text) as Record<string, Cell>[] };
}

/** One of the writes, of one row; ids are those of the world, and that of a new row the one that it gets. */
export type Write =
  | ({ readonly field: "createRows" | "importRows" | "updateRows"; readonly id: string } & Sets)
  | ({ readonly field: "upsertRows"; readonly id: string; readonly by: string } & Sets)
  | { readonly field: "deleteRows"; readonly id: string };

/** How the write of one row ended in the product, and what of the row came back. */
export interface HeardWrite {
  readonly code: WriteCode;
  readonly row: ShownRow | null;
}

interface Done {
  readonly results: readonly {
    readonly id: string | null;
    readonly operation: string | null;
    readonly row: Node | null;
  }[];
}

/**
 * Has the product write one row. It comes to know the id of one that is made.
 *
 * @param idempotencyKey Of a write that may come again.
 */
export async function heardWrite(
  ear: Ear,
  write: Write,
  idempotencyKey?: string,
): Promise<HeardWrite> {
  const { field } = write;
  if (write.field === "importRows") return await heardImport(ear, write);
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const input = {
    datasetId: ear.stage.datasets.get(ear.dataset.name),
    rows: [rowInput(ear, write)],
    ...(write.field === "upsertRows" && { by: write.by }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  };
  const answer = await ask<Record<string, Done | null>>(
    ear,
    `mutation ($input: ${type}!) {
       ${field}(input: $input) { results { id operation row { ${rowFields(ear.dataset)} } } }
     }`,
    { input },
  );
  const code = codeAt(answer, [field]);
  const [result] = answer.data?.[field]?.results ?? [];
  if (result?.operation === "CREATED" && result.id) ear.stage.rows.set(write.id, result.id);
  const node = result?.row ?? null;
  const path = [field, "results", 0, "row"];
  return {
    code: (code ?? "OK") as WriteCode,
    row: node && rowHeard(ear, answer, { node, path }),
  };
}

/** Has the product make one row of a file. */
async function heardImport(ear: Ear, { id, cells }: { id: string } & Sets): Promise<HeardWrite> {
  const { tenant, rows, datasets } = ear.stage;
  const datasetId = datasets.get(ear.dataset.name);
  const answer = await ask<{ importRows: { url: string } | null }>(
    ear,
    `mutation ($input: ImportRowsInput!) { importRows(input: $input) { url } }`,
    { input: { datasetId, format: "JSON_LINES" } },
  );
  const refused = codeAt(answer, ["importRows"]);
  if (refused !== null) return { code: refused as WriteCode, row: null };
  const code = await tenant.upload(answer.data?.importRows?.url ?? "", JSON.stringify(cells));
  if (code !== "OK") return { code: code as WriteCode, row: null };
  const made = await tenant.ask<{ dataset: { rows: { nodes: { id: string }[] } } }>(
    `query ($id: ID!) { dataset(id: $id) { rows(first: 10000) { nodes { id } } } }`,
    { variables: { id: datasetId } },
  );
  const newest = made.dataset.rows.nodes.at(-1)?.id ?? "";
  rows.set(id, newest);
  const seen = await ask<{ dataset: { rows: Page | null } | null }>(
    ear,
    `query ($id: ID!) {
       dataset(id: $id) { rows { totalCount nodes { ${rowFields(ear.dataset)} } } }
     }`,
  );
  const nodes = seen.data?.dataset?.rows?.nodes ?? [];
  const index = nodes.findIndex((each) => each.id === newest);
  const node = nodes[index];
  const path = ["dataset", "rows", "nodes", index];
  return { code: "OK", row: node ? rowHeard(ear, seen, { node, path }) : null };
}

function rowInput({ stage: { rows }, dataset }: Ear, write: Write): object {
  const id = rows.get(write.id) ?? write.id;
  if (write.field === "deleteRows") return { id };
  const values = { ...write.cells, ...linkValues(dataset.links, write.links, rows) };
  if (write.field === "upsertRows") return { values };
  return write.field === "createRows" ? values : { id, values };
}

/** Has a caller ask the product something about a dataset, `$id`. */
export async function ask<Data>(
  { stage: { tenant, credentials, datasets, asks }, caller, dataset, narrowedTo }: Ear,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer<Data>> {
  const id = datasets.get(dataset.name);
  asks.all += 1;
  asks.byUsers += Number(caller.user !== undefined);
  asks.byJwts += Number(caller.user?.jwt !== undefined);
  asks.byTokens += Number(caller.token !== undefined);
  const { key = null, headers } = credentials.get(caller.name) ?? {};
  asks.narrowed += Number(narrowedTo !== undefined);
  return await tenant.run<Data>(query, {
    key,
    variables: query.startsWith("query") ? { id, ...variables } : variables,
    headers: {
      ...headers,
      ...(caller.isPublic && { "x-fieldgate-tenant": tenant.slug }),
      ...(narrowedTo && { "x-fieldgate-roles": narrowedTo.join() }),
    },
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
