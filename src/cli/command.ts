import { Command } from "commander";
import { parseConfig } from "../config.ts";
import { checkServer } from "../db/check-server.ts";
import { type Database, reachDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { environment } from "./environment.ts";
import { checkSource, importFile } from "./import.ts";
import { type ImportOptions, parseList, parseName, parseTypes } from "./import-options.ts";
import { type KeyOptions, parseColumnsOf } from "./key-options.ts";
import { fail } from "./known-error.ts";
import { listTenants, printNewTenant } from "./tenant.ts";

/** Runs one command of `npx fieldgate`. It says what went wrong on standard error, and exits with 1. */
export async function runCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await program(env).parseAsync(argv).catch(fail);
}

/** Opens the database, or reaches it through the server that holds it, for the length of a command. */
async function inDatabase(env: NodeJS.ProcessEnv, work: (database: Database) => Promise<void>) {
  const database = await reachDatabase(parseConfig(environment(env)));
  try {
    await checkServer(database);
    await migrate(database);
    await work(database);
  } finally {
    await database.close();
  }
}

function program(env: NodeJS.ProcessEnv): Command {
  const fieldgate = new Command("fieldgate")
    .description(
      "A GraphQL API for tables in which every field, column, row and cell is authorized.",
    )
    .showHelpAfterError()
    .showSuggestionAfterError();
  fieldgate
    .command("serve")
    .description("start the server, as npm start does; see .env.example for its settings")
    .action(() => serve(env));
  const tenant = fieldgate.command("tenant").description("make and list tenants");
  tenant
    .command("create <slug>")
    .description("make a tenant and print its first administrator key, which is shown this once")
    .option("--label <text>", "what people call it")
    .action((slug: string, options: { label?: string }) =>
      inDatabase(env, (database) => printNewTenant(database, { slug, ...options })),
    );
  tenant
    .command("list")
    .description("list the tenants")
    .action(() => inDatabase(env, listTenants));
  addImport(fieldgate, env);
  addKey(fieldgate, env);
  return fieldgate;
}

function addImport(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  fieldgate
    .command("import <file>")
    .description("make a dataset of a .csv, .json (one array of objects) or .jsonl file")
    .requiredOption("--dataset <name>", "the name of the new dataset, such as sales_2024")
    .option("--tenant <slug>", "the tenant; not needed where there is only one")
    .option(
      "--key <columns>",
      "the key columns, in which no row is like another: id or region,year",
      parseList,
    )
    .option(
      "--types <types>",
      "types, where the file is not to decide: price:DECIMAL,kind:SELECT",
      parseTypes,
    )
    .option(
      "--name <header=name>",
      "the name of a column, in place of one made of its header",
      parseName,
    )
    .option("--skip-bad", "leave out bad lines and say which; else one bad line refuses the file")
    .option("--dry-run", "do everything, say what would become of the file, and keep nothing")
    .action(async (file: string, options: ImportOptions) => {
      const source = await checkSource(file, options);
      await inDatabase(env, (database) => importFile(database, source));
    });
}

function addKey(fieldgate: Command, env: NodeJS.ProcessEnv): void {
  fieldgate
    .command("key")
    .description("make keys")
    .command("create <name>")
    .description(
      "make a key, with a role of the same name or with roles that there are, and print it",
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
    .action((name: string, options: KeyOptions) =>
      inDatabase(env, async (database) => {
        await import("../../prisma/generate.ts");
        const { printNewKey } = await import("./key.ts");
        await printNewKey(database, name, options);
      }),
    );
}

/** Loaded by this command alone: it is most of the program, and needs the generated Prisma client. */
async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  await import("../../prisma/generate.ts");
  const { startServer } = await import("./serve.ts");
  await startServer(env);
}
