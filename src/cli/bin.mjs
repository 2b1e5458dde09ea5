#!/usr/bin/env node
// The command `fieldgate`. The program is TypeScript, which this Node does not read by itself.
import { register } from "tsx/esm/api";

// Read by graphql when it is loaded: elsewhere than in production it looks at every value twice.
process.env.NODE_ENV ??= "production";
register();
const { runCommand } = await import("./command.ts");
await runCommand(process.argv, process.env);
