import { Command } from "commander";
import type { Database } from "../db/database.ts";
import { programVersion, teaching, withExamples } from "./help.ts";
import { type ImportOptions, parseList, parseName, parseTypes } from "./import-options.ts";
import { type ExportOptions, parseFormat, parseJson, parseOrder } from "./export-options.ts";
import { type KeyOptions, parseColumnsOf } from "./key-options.ts";

// What a command needs is loaded by that command: help is there at once.

/** Runs one command of `npx fieldgate`. It says what went wrong on standard error, and exits with 1. */
export async function runCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await program(env).parseAsync(argv);
  } catch (error) {
    const { fail } = await import("./known-error.ts");
    fail(error);
  }
}

function program(env: NodeJS.ProcessEnv): Command {
  const fieldgate = new Command("fieldgate")
    .description(
      "A GraphQL API for tables in which every field, column, row and cell is authorized.",
    )
    .version(programVersion(), "-v, --version", "print the version")
    .showHelpAfterError()
    .showSuggestionAfterError();
  withExamples(
    fieldgate,
    "npx fieldgate serve",
    "npx fieldgate tenant create acme",
    "npx fieldgate import sales.csv --dataset sales --tenant acme",
    "npx fieldgate export sales --output sales.csv --tenant acme",
    "npx fieldgate key create partner --tenant acme --read sales:region,amount",
    "npx fieldgate help import",
  );
  addServe(fieldgate, env);
  addTenant(fieldgate, env);
  addImport(fieldgate, env);
  addExport(fieldgate, env);
  addKey(fieldgate, env);
  return teaching(fieldgate);
}

function addServe(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  const serve = fieldgate
    .command("serve")
    .summary("start the server, as npm start does")
    .description("start the server, as npm start does; see .env.example for its settings")
    .action(async () => {
      const { startServer } = await import("./serve.ts");
      await startServer(env);
    });
  withExamples(serve, "npx fieldgate serve", "PORT=8080 npx fieldgate serve");
}

function addTenant(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  const tenant = fieldgate.command("tenant").description("make and list tenants");
  withExamples(tenant, "npx fieldgate tenant create acme", "npx fieldgate tenant list");
  const create = tenant
    .command("create <slug>")
    .summary("make a tenant and print its administrator key")
    .description("make a tenant and print its first administrator key, which is shown this once")
    .option("--label <text>", "what people call it")
    .action(async (slug: string, options: { label?: string }) => {
      const { printNewTenant } = await import("./tenant.ts");
      await inDatabase(env, (database) => printNewTenant(database, { slug, ...options }));
    });
  withExamples(
    create,
    'npx fieldgate tenant create acme --label "Acme, Inc."',
    "npx fieldgate tenant create acme > acme.key",
  );
  tenant
    .command("list")
    .description("list the tenants")
    .action(async () => {
      const { listTenants } = await import("./tenant.ts");
      await inDatabase(env, listTenants);
    });
}

function addImport(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  const command = fieldgate
    .command("import <file>")
    .summary("make a dataset of a .csv, .json or .jsonl file")
    .description("make a dataset of a .csv, .json (one array of objects) or .jsonl file")
    .requiredOption("--dataset <name>", "the name of the new dataset, such as sales_2024")
    .option("--tenant <slug>", "the tenant; not needed where there is only one")
    .option(
      "--key <columns>",
      "the key columns, by name: each row has them, and no two the same; id or region,year",
      parseList,
    )
    .option(
      "--types <types>",
      "types, where the file is not to decide: price:DECIMAL,kind:SELECT",
      parseTypes,
    )
    .option(
      "--name <header=name>",
      "the name of a column, in place of one made of its header; may be repeated",
      parseName,
    )
    .option("--skip-bad", "leave out bad lines and say which; else one bad line refuses the file")
    .option("--dry-run", "do everything, say what would become of the file, and keep nothing")
    .action(async (file: string, options: ImportOptions) => {
      const { checkSource, importFile } = await import("./import.ts");
      const source = await checkSource(file, options);
      await inDatabase(env, (database) => importFile(database, source));
    });
  withExamples(
    command,
    "npx fieldgate import sales.csv --dataset sales --key id",
    "npx fieldgate import events.jsonl --dataset events --tenant acme --dry-run",
    'npx fieldgate import films.json --dataset films --name "US Gross=gross" --types gross:DECIMAL',
  );
}

function addExport(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  const command = fieldgate
    .command("export <dataset>")
    .summary("write the rows of a dataset to a file")
    .description("write the rows of a dataset as CSV, JSON lines or one JSON array of objects")
    .option("--tenant <slug>", "the tenant; not needed where there is only one")
    .option("--output <file>", "the file to write, as a whole or not at all; else standard output")
    .option(
      "--format <format>",
      "csv, jsonl or json; else as the file is named, or csv",
      parseFormat,
    )
    .option("--columns <names>", "only these columns, in this order: region,amount", parseList)
    .option("--filter <json>", "only rows that match, as the API takes a filter", parseJson)
    .option("--order <columns>", "the order: amount:DESC,region or sold_on:ASC:FIRST", parseOrder)
    .action(async (dataset: string, options: ExportOptions) => {
      const { exportDataset } = await import("./export.ts");
      await inDatabase(env, (database) => exportDataset(database, dataset, options));
    });
  withExamples(
    command,
    "npx fieldgate export sales --output sales.csv",
    "npx fieldgate export sales --format jsonl --columns region,amount > sales.jsonl",
    `npx fieldgate export sales --filter '{"column":"amount","gt":100}' --order amount:DESC`,
  );
}

function addKey(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  const key = fieldgate.command("key").description("make keys");
  const create = key
    .command("create <name>")
    .summary("make a key and print it")
    .description(
      "make a key, with a role of the same name or with roles that there are, and print it, this once",
    )
    .option("--tenant <slug>", "the tenant; not needed where there is only one")
    .option(
      "--read <dataset:columns>",
      "what it may read: sales:region,amount or sales",
      parseColumnsOf,
    )
    .option(
      "--update <dataset:columns>",
      "what it may change of rows that it reads",
      parseColumnsOf,
    )
    .option("--role <names>", "roles that it is to hold, such as administrator", parseList)
    .action(async (name: string, options: KeyOptions) => {
      const { printNewKey } = await import("./key.ts");
      await inDatabase(env, (database) => printNewKey(database, name, options));
    });
  withExamples(
    create,
    "npx fieldgate key create partner --read sales:region,amount",
    "npx fieldgate key create clerk --read sales --update sales:note",
    "npx fieldgate key create second --role administrator",
  );
}

async function inDatabase(
  env: NodeJS.ProcessEnv,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const opened = await import("./in-database.ts");
  await opened.inDatabase(env, work);
}
