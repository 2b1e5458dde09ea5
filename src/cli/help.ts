import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { suggestionsAmong } from "../graphql/suggestions.ts";

const MORE = `
Commands work on the database of the server, whether it runs or not.
.env.example lists the settings; README.md says the rest.`;

/** Makes a program teach: its help says where to read on, and typos are told first. */
export function teaching(program: Command): Command {
  return program.addHelpText("after", MORE).hook("preSubcommand", refuseTypos);
}

/** Ends the help of a command with lines that could be typed. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  const examples = lines.map((line) => `  ${line}`);
  return command.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
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
