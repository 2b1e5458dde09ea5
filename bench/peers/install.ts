/**
 * Installs the peers beside this file, apart from the project's own dependencies. They need a newer Node
 * than the project; what they build is built with that one, which is installed first. The one package that
 * would have to be compiled is overridden by a version of it that brings what was compiled.
 */
import { execFileSync } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { PEERS_NODE } from "./installed.ts";

const path = [dirname(PEERS_NODE), process.env["PATH"]].join(delimiter);

function npm(...args: string[]): void {
  execFileSync("npm", args, {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
}

npm("install", "--no-package-lock", "--ignore-scripts", "--prefer-offline", "--loglevel=error");
npm("rebuild", "node");
npm("rebuild");
