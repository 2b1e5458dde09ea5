import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { suggestionsAmong } from "../graphql/suggestions.ts";

/** What the help says of a command besides its description. */
interface Help {
  /** What it is in the list of commands: one line of it. */
  readonly summary?: string;
  readonly examples: readonly string[];
}

/** By the name of the command, and the program's own under its name. */
const HELP: Readonly<Record<string, Help>> = {
  fieldgate: {
    examples: [
      "npx fieldgate serve",
      "npx fieldgate tenant create acme",
      "npx fieldgate import sales.csv --dataset sales --tenant acme",
      "npx fieldgate help import",
    ],
  },
  serve: {
    summary: "start the server, as npm start does",
    examples: ["npx fieldgate serve", "PORT=8080 npx fieldgate serve"],
  },
  tenant: { examples: ["npx fieldgate tenant create acme", "npx fieldgate tenant list"] },
  create: {
    summary: "make a tenant and print its administrator key",
    examples: [
      'npx fieldgate tenant create acme --label "Acme, Inc."',
      "npx fieldgate tenant create acme > acme.key",
    ],
  },
  import: {
    summary: "make a dataset of a .csv, .json or .jsonl file",
    examples: [
      "npx fieldgate import sales.csv --dataset sales",
      "npx fieldgate import events.jsonl --dataset events --tenant acme",
    ],
  },
};

const MORE = `
Commands work on the database of the server, whether it runs or not.
.env.example lists the settings; README.md says the rest.`;

/** Makes a program teach: its help has examples and says where to read on, and typos are told first. */
export function teaching(program: Command): Command {
  withExamples(program);
  return program.addHelpText("after", MORE).hook("preSubcommand", refuseTypos);
}

function withExamples(command: Command): void {
  const { summary, examples } = HELP[command.name()] ?? { examples: [] };
  if (summary !== undefined) command.summary(summary);
  if (examples.length > 0) {
    command.addHelpText("after", `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`);
  }
  command.commands.forEach(withExamples);
}

/** Commander would complain first of the required option that is missing because it was mistyped. */
function refuseTypos(program: Command, command: Command): void {
  if (command.commands.length > 0) return;
  const known = ["--help", ...command.options.flatMap(({ long }) => long ?? [])];
  const end = program.args.indexOf("--");
  const given = end === -1 ? program.args : program.args.slice(0, end);
  const unknown = given
    .map((argument) => argument.replace(/=.*/s, ""))
    .find((name) => name.startsWith("--") && !known.includes(name));
  if (unknown === undefined) return;
  command.error(`error: unknown option '${unknown}'.${suggestionsAmong(known)(unknown)}`);
}

/** The version of the program, as `package.json` has it. */
export function programVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
