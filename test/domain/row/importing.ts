import type { HttpServer } from "../../../src/http/server.ts";
import type { AnsweredError, Asking, World } from "../../support/world.ts";

/** The mutation, as tests send it. */
export const IMPORT = `mutation ($input: ImportRowsInput!) {
  importRows(input: $input) { url expiresAt import { id state } }
}`;

/** What `importRows` takes. */
export interface ImportInput {
  readonly datasetId: string;
  readonly format?: "CSV" | "JSON_LINES" | "JSON";
  readonly columns?: readonly { readonly header: string; readonly column?: string | null }[];
  readonly onFault?: "REJECT_ALL" | "SKIP_ROW";
}

/** What became of a file. */
export interface ImportAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly rows?: number;
  readonly faulty?: number;
  readonly faults?: readonly ShownFault[];
  readonly errors?: readonly AnsweredError[];
}

/** A fault as an answer shows it. */
export interface ShownFault {
  readonly at: string;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

/** Asks for an import, which has to be promised. @returns Where its file goes, and its id. */
export async function promisedImport(
  world: World,
  input: ImportInput,
  asking: Asking = {},
): Promise<{ url: string; id: string }> {
  const { importRows } = await world.ask<{
    importRows: { url: string; import: { id: string } };
  }>(IMPORT, { ...asking, variables: { input: { format: "CSV", ...input } } });
  return { url: importRows.url, id: importRows.import.id };
}

/** Sends the file of an import. */
export async function sent(
  server: HttpServer,
  url: string,
  file: RequestInit["body"] & {},
): Promise<ImportAnswer> {
  const response = await fetch(`${server.address}${url}`, {
    method: "PUT",
    body: file,
    ...(typeof file !== "string" && { duplex: "half" }),
  });
  const answer = (await response.json()) as Omit<ImportAnswer, "status" | "headers">;
  return { status: response.status, headers: response.headers, ...answer };
}

/** Promises an import and sends its file. */
export async function imported(
  { world, server }: { readonly world: World; readonly server: HttpServer },
  input: ImportInput,
  file: RequestInit["body"] & {},
  asking: Asking = {},
): Promise<ImportAnswer> {
  const { url } = await promisedImport(world, input, asking);
  return await sent(server, url, file);
}

/** The values of all rows of a dataset, in the order in which they were made. */
export async function valuesIn(world: World, datasetId: string): Promise<object[]> {
  const { dataset } = await world.ask<{ dataset: { rows: { nodes: { values: object }[] } } }>(
    `query ($id: ID!) { dataset(id: $id) { rows(first: 10000) { nodes { values } } } }`,
    { variables: { id: datasetId } },
  );
  return dataset.rows.nodes.map(({ values }) => values);
}

/** How far an import is, as a caller sees it; null: not at all. */
export async function importShown(world: World, id: string, asking: Asking = {}) {
  const { node } = await world.ask<{ node: Record<string, unknown> | null }>(
    `query ($id: ID!) {
      node(id: $id) {
        ... on RowImport {
          state bytes rows faulty failure dataset { id } faults { at column code message }
        }
      }
    }`,
    { ...asking, variables: { id } },
  );
  return node;
}
