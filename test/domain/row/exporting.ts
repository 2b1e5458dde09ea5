import { expect } from "vitest";
import type { HttpServer } from "../../../src/http/server.ts";
import type { AnsweredError, Asking, World } from "../../support/world.ts";

/** The mutation, as tests send it. */
export const EXPORT = `mutation ($input: ExportRowsInput!) { exportRows(input: $input) { url expiresAt } }`;

/** What `exportRows` takes. */
export interface Exported {
  readonly datasetId: string;
  readonly format?: "CSV" | "JSON_LINES" | "JSON";
  readonly columns?: readonly string[];
  readonly filter?: object;
  readonly orderBy?: readonly object[];
}

/** Asks for an export, which has to be promised. @returns Where it is. */
export async function promised(
  world: World,
  input: Exported,
  asking: Asking = {},
): Promise<string> {
  const { exportRows } = await world.ask<{ exportRows: { url: string } }>(EXPORT, {
    ...asking,
    variables: { input: { format: "CSV", ...input } },
  });
  return exportRows.url;
}

/** What an export contains, promised and fetched. */
export async function exported(
  { world, server }: { world: World; server: HttpServer },
  input: Exported,
  asking: Asking = {},
): Promise<string> {
  const response = await fetch(`${server.address}${await promised(world, input, asking)}`);
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  return text;
}

/** What an answer says that is no file. */
export async function refusalOf(response: Response) {
  const { errors } = (await response.json()) as { errors: AnsweredError[] };
  const [error] = errors;
  return { status: response.status, code: error?.extensions.code, message: error?.message };
}
