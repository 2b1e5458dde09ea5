import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { lexicographicSortSchema, parse, printSchema } from "graphql";
import { schema } from "./src/schema.ts";

/**
 * Prints `schema.graphql`, and the documents of the end-to-end tests with their types; with `--check`,
 * fails where one of them is out of date. It needs no environment and no database. All of it is committed, so
 * that a change of the API is seen in review, and tests and types need no step before them.
 */
const SDL = `${printSchema(lexicographicSortSchema(schema))}\n`;
const DOCUMENTS = new URL("test/app/e2e/", import.meta.url);

const printed = {
  "schema.graphql": SDL,
  "test/generated/documents.ts": `/* oxlint-disable */\n${await typedDocuments()}\n`,
};
const outdated = Object.entries(printed).filter(([path, text]) => text !== textOf(path));
if (process.argv.includes("--check")) check();
else for (const [path, text] of outdated) writeFileSync(locationOf(path), text);

function check(): void {
  for (const [path] of outdated) {
    process.stderr.write(`${path} is out of date. Run npm run codegen and commit it.\n`);
  }
  if (outdated.length > 0) process.exitCode = 1;
}

async function typedDocuments(): Promise<string> {
  const files = readdirSync(DOCUMENTS).filter((name) => name.endsWith(".graphql"));
  return await codegen({
    filename: "documents.ts",
    schema: parse(SDL),
    documents: files.toSorted().map((name) => ({
      location: name,
      document: parse(readFileSync(new URL(name, DOCUMENTS), "utf8")),
    })),
    config: {
      documentMode: "documentNode",
      immutableTypes: true,
      scalars: { ID: "string", DateTime: "string", JSON: "unknown", Cell: "unknown" },
      strictScalars: true,
      useTypeImports: true,
    },
    plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
    pluginMap: { typescriptOperations, typedDocumentNode },
  });
}

function textOf(path: string): string | null {
  return existsSync(locationOf(path)) ? readFileSync(locationOf(path), "utf8") : null;
}

function locationOf(path: string): URL {
  return new URL(path, import.meta.url);
}
