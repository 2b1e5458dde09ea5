import { Command } from "commander";
import { type Config, parseConfig } from "../config.ts";
import { type Database, reachDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { createTenant } from "../domain/tenant/create-tenant.ts";
import { importFile, type ImportOptions } from "./import.ts";
import { fail } from "./known-error.ts";
import { environment, startServer } from "./serve.ts";
import { listTenants } from "./tenant.ts";

/** Runs one command of `npx fieldgate`. It says what went wrong on standard error, and exits with 1. */
export async function runCommand(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const withDatabase = async (work: (database: Database) => Promise<void>) => {
    try {
      await inDatabase(parseConfig(environment(env)), work);
    } catch (error) {
      fail(error);
    }
  };
  await program(env, withDatabase).parseAsync(argv);
}

type WithDatabase = (work: (database: Database) => Promise<void>) => Promise<void>;

/** Opens the database, or reaches it through the server that holds it, for the length of a command. */
async function inDatabase(config: Config, work: (database: Database) => Promise<void>) {
  const database = await reachDatabase(config);
  try {
    await migrate(database);
    await work(database);
  } finally {
    await database.close();
  }
}

function program(env: NodeJS.ProcessEnv, withDatabase: WithDatabase): Command {
  const fieldgate = new Command("fieldgate")
    .description(
      "A GraphQL API for tables in which every field, column, row and cell is authorized.",
    )
    .showHelpAfterError()
    .showSuggestionAfterError();
  fieldgate
    .command("serve")
    .description("start the server, as npm start does; see .env.example for its settings")
    .action(() => startServer(env));
  const tenant = fieldgate.command("tenant").description("make and list tenants");
  tenant
    .command("create <slug>")
    .description("make a tenant and print its first administrator key, which is shown this once")
    .option("--label <text>", "what people call it")
    .action((slug: string, { label }: { label?: string }) =>
      withDatabase(async (database) => {
        const made = await createTenant(database, {
          slug,
          ...(label === undefined ? {} : { label }),
        });
        process.stdout.write(`${made.key}\n`);
      }),
    );
  tenant
    .command("list")
    .description("list the tenants")
    .action(() => withDatabase(listTenants));
  fieldgate
    .command("import <file>")
    .description("make a dataset of a .csv, .json (one array of objects) or .jsonl file")
    .requiredOption("--dataset <name>", "the name of the new dataset, such as sales_2024")
    .option("--tenant <slug>", "the tenant; not needed where there is only one")
    .action((file: string, options: ImportOptions) =>
      withDatabase((database) => importFile(database, file, options)),
    );
  return fieldgate;
}
