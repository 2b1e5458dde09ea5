import { Command } from "commander";
import { parseConfig } from "../config.ts";
import { checkServer } from "../db/check-server.ts";
import { type Database, reachDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { environment } from "./environment.ts";
import { checkSource, importFile, type ImportOptions } from "./import.ts";
import { programVersion, teaching } from "./help.ts";
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
    .version(programVersion(), "-v, --version", "print the version")
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
  fieldgate
    .command("import <file>")
    .description("make a dataset of a .csv, .json (one array of objects) or .jsonl file")
    .requiredOption("--dataset <name>", "the name of the new dataset, such as sales_2024")
    .option("--tenant <slug>", "the tenant; not needed where there is only one")
    .action(async (file: string, options: ImportOptions) => {
      const source = await checkSource(file, options);
      await inDatabase(env, (database) => importFile(database, source));
    });
  return teaching(fieldgate);
}

/** Loaded by this command alone: it is most of the program, and needs the generated Prisma client. */
async function serve(env: NodeJS.ProcessEnv): Promise<void> {
  await import("../../prisma/generate.ts");
  const { startServer } = await import("./serve.ts");
  await startServer(env);
}
