import { runCommand } from "./cli/command.ts";

// Read by graphql when it is loaded: elsewhere than in production it looks at every value twice.
process.env["NODE_ENV"] ??= "production";

await runCommand(process.argv, process.env);
