#!/usr/bin/env node
// The command `fieldgate`. The program is TypeScript, which this Node does not read by itself.
import { register } from "tsx/esm/api";

register();
const { runCommand } = await import("./command.ts");
await runCommand(process.argv, process.env);
